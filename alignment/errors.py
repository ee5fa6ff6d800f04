"""Every failure a user can cause or meet, each with a stable code.

PlumblineError
├── NotFound                 not_found            nothing by that name or id in this organisation
├── Conflict                 conflict             the record already says something else
│   ├── StaleContract        stale_contract       made under a version that is no longer the newest
│   └── KeyReused            key_reused           an idempotency key that stands for another request
├── Refused                  refused              a rule of the product forbids it
│   ├── IncompleteContract   incomplete_contract  signing anything that is not 3/2/1
│   ├── Unauthenticated      unauthenticated      no API key, or one that is not known
│   ├── NotPermitted         not_permitted        this person may not do or see that
│   │   └── MissingScope     missing_scope        the API key does not reach that far
│   ├── LinkExpired          link_expired         a link to a recording that is over, or was altered
│   ├── TooLong              too_long             more than the chat model may be sent
│   ├── TooLarge             too_large            a request that is larger than the limit
│   ├── Unguarded            unguarded            a change to a contract that does not say which state it changes
│   ├── ConsentMissing       consent_missing      an interview without a recorded consent
│   ├── OnHold               on_hold              it may not be erased while a legal hold lasts
│   └── Unverified           unverified           words that the record does not bear out
│       ├── Fabricated       fabricated           nobody said it
│       ├── Misattributed    misattributed        somebody else said it
│       └── Elsewhere        elsewhere            said, but in another interview or at another time
├── Unreadable               unreadable           input that cannot be read as what it should be
│   ├── BadRequest           bad_request          a request that is not as the API describes it
│   ├── BadTranscript        bad_transcript
│   ├── BadAudio             bad_audio            a recording that cannot be heard
│   │   └── NoSpeech         no_speech            nobody speaks in it
│   ├── BadSearch            bad_search           a search folder that is not in the documented layout
│   └── BadSettings          bad_settings
├── Misbehaved               misbehaved           a model's reply is invalid after one repair
└── Unavailable              unavailable          a part that is needed is not there now; retryable
    ├── TooMany              too_many             more requests than the key may make
    ├── Underway             underway             the same conversation or request is being answered now
    ├── Stopping             stopping             the server is shutting down
    ├── ModelDown            model_down
    ├── QueueFull            queue_full           more recordings wait than may
    ├── MediaDown            media_down           the folder of the recordings
    ├── StoreDown            store_down
    └── IndexDown            index_down
        ├── IndexBusy        index_busy           another process holds the embedded index
        └── IndexMismatch    index_mismatch       made by another embedder; not retryable, reindex
"""

from typing import ClassVar


class PlumblineError(Exception):
    """A failure told in one sentence: what happened, where, and what to do about it."""

    code: ClassVar[str] = "plumbline_error"
    retryable: ClassVar[bool] = False

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what, self.where, self.todo = what, where, todo
        place = f" ({where})" if where else ""
        super().__init__(f"{what}{place}." + (f" {todo}" if todo else ""))


class NotFound(PlumblineError):
    """Nothing by that name or id in this organisation."""

    code = "not_found"


class Conflict(PlumblineError):
    """The record already says something else."""

    code = "conflict"


class StaleContract(Conflict):
    """Made under a contract version that is no longer the newest."""

    code = "stale_contract"


class KeyReused(Conflict):
    """An idempotency key that already stands for another request."""

    code = "key_reused"


class Refused(PlumblineError):
    """A rule of the product forbids it."""

    code = "refused"


class IncompleteContract(Refused):
    """Signing a contract that is not three must-haves, two trade-offs and one deal-breaker."""

    code = "incomplete_contract"


class NotPermitted(Refused):
    """This person may not do or see that."""

    code = "not_permitted"


class MissingScope(NotPermitted):
    """The API key does not reach that far."""

    code = "missing_scope"


class LinkExpired(Refused):
    """A link to a recording that is over, or was altered."""

    code = "link_expired"


class Unauthenticated(Refused):
    """No API key, or one that is not known here."""

    code = "unauthenticated"


class TooLarge(Refused):
    """A request that is larger than the limit."""

    code = "too_large"


class Unguarded(Refused):
    """A change to a contract that does not say which state of it is to change."""

    code = "unguarded"


class TooLong(Refused):
    """A claim and its contract that alone are more than the chat model may be sent."""

    code = "too_long"


class ConsentMissing(Refused):
    """An interview without a recorded consent."""

    code = "consent_missing"


class OnHold(Refused):
    """Something that may not be erased while a legal hold lasts."""

    code = "on_hold"


class Unverified(Refused):
    """Words that the record does not bear out."""

    code = "unverified"


class Fabricated(Unverified):
    """Nobody said it."""

    code = "fabricated"


class Misattributed(Unverified):
    """Somebody else said it."""

    code = "misattributed"


class Elsewhere(Unverified):
    """Said, but in another interview or at another time."""

    code = "elsewhere"


class Unreadable(PlumblineError):
    """Input that cannot be read as what it should be."""

    code = "unreadable"


class BadRequest(Unreadable):
    """A request that is not as the API describes it; `where` names the field."""

    code = "bad_request"


class BadTranscript(Unreadable):
    """A transcript file that no importer can read; `where` names file and line."""

    code = "bad_transcript"


class BadAudio(Unreadable):
    """A recording that cannot be opened, decoded or heard to its end."""

    code = "bad_audio"


class NoSpeech(BadAudio):
    """A recording in which nobody speaks."""

    code = "no_speech"


class BadSearch(Unreadable):
    """A search folder that is not in the documented layout."""

    code = "bad_search"


class BadSettings(Unreadable):
    """A setting that is unknown or has an impossible value."""

    code = "bad_settings"


class Misbehaved(PlumblineError):
    """A model's reply is invalid after one repair."""

    code = "misbehaved"


class Unavailable(PlumblineError):
    """A part that is needed is not there now; the same call may succeed later, after `after_s` seconds at the earliest."""

    code = "unavailable"
    retryable = True
    after_s: int = 2


class TooMany(Unavailable):
    """More requests than the key may make in that time."""

    code = "too_many"


class Underway(Unavailable):
    """The same conversation or request is being answered now."""

    code = "underway"


class Stopping(Unavailable):
    """The server is shutting down and takes nothing new."""

    code = "stopping"


class ModelDown(Unavailable):
    """The chat model, the embedder or the speech model cannot be reached or loaded."""

    code = "model_down"


class QueueFull(Unavailable):
    """More recordings wait to be heard than may."""

    code = "queue_full"
    retryable = True


class MediaDown(Unavailable):
    """The folder of the recordings cannot be read or written."""

    code = "media_down"
    retryable = True


class StoreDown(Unavailable):
    """The database cannot be reached."""

    code = "store_down"


class IndexDown(Unavailable):
    """The index cannot be reached or opened."""

    code = "index_down"


class IndexBusy(IndexDown):
    """Another process holds the embedded index."""

    code = "index_busy"


class IndexMismatch(IndexDown):
    """The index was made by another embedder; `plumbline reindex` makes it anew."""

    code = "index_mismatch"
    retryable = False
