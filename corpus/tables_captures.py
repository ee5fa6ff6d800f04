"""The tables of captures: recordings, what is being heard of them, legal holds, and the receipts of what was erased.

What belongs to an interview goes with it. Holds and receipts outlive what they tell of, so they name it without a reference.
"""

from sqlalchemy import Column, Float

from corpus.columns import Instant, at, key, number, refers, table, tenant, words

# The bytes lie in the media's folder under their digest; here is whose they are.
recordings = table(
    "recordings",
    *(key("interview"), key("digest"), number("size"), key("kind"), Column("length_s", Float), at()),
    refers("recordings_interview", "interview", "interviews", owned=True),
    key=("interview", "digest"),
)

captures = table(
    "captures",
    *(key("id"), key("interview"), key("digest"), key("language", blank=True), words("mapping"), words("correction"), key("by"), at()),
    refers("captures_interview", "interview", "interviews", owned=True),
    refers("captures_recording", "interview digest", "recordings", to="interview digest", owned=True),
    key=("id",),
)

# How far a capture has come: nothing in it was said by anybody.
capture_steps = table(
    "capture_steps",
    *(key("capture"), number("number"), at(), key("step"), Column("done_s", Float), Column("of_s", Float), key("code"), words("told")),
    refers("capture_steps_capture", "capture", "captures", owned=True),
    key=("capture", "number"),
)

# What was heard of a stretch, until the transcript is on record.
heard_stretches = table(
    "heard_stretches",
    *(key("capture"), number("number"), words("document")),
    refers("heard_stretches_capture", "capture", "captures", owned=True),
    key=("capture", "number"),
)

# A conference tool's speaker track until the transcript is on record that it tells apart, then the digest of the last one that did.
capture_tracks = table(
    "capture_tracks",
    *(key("capture"), words("document"), key("applied")),
    refers("capture_tracks_capture", "capture", "captures", owned=True),
    key=("capture",),
)

legal_holds = table(
    "legal_holds",
    *(key("id"), key("interview"), key("by"), words("reason"), at(), Column("lifted_at", Instant)),
    tenant("legal_holds"),
    key=("id",),
)

retention_rules = table(
    "retention_rules",
    *(key("what"), number("days"), key("by"), at()),
    tenant("retention_rules"),
    key=("what",),
)

# `plan` are the ids of what goes, written down before the first of it is gone, so that an erasure that was cut short is finished.
erasures = table(
    "erasures",
    *(key("id"), key("kind"), key("subject"), key("by"), words("reason"), at(), words("plan"), words("counts")),
    Column("done_at", Instant),
    tenant("erasures"),
    key=("id",),
)

# Which interviews an erasure reaches: while it is not done they take nothing new, and after a candidate's own will they need a new consent.
erased_interviews = table(
    "erased_interviews",
    *(key("interview"), key("erasure")),
    refers("erased_interviews_erasure", "erasure", "erasures", owned=True),
    key=("interview", "erasure"),
)

# Contents of which parts were struck out: they are not heard again, since that would bring the words back.
redacted_recordings = table(
    "redacted_recordings",
    *(key("interview"), key("digest"), at()),
    refers("redacted_recordings_interview", "interview", "interviews", owned=True),
    key=("interview", "digest"),
)

# Where another policy on consents holds than the organisation's own.
consent_regions = table(
    "consent_regions",
    *(key("region"), key("consent_policy")),
    tenant("consent_regions"),
    key=("region",),
)
