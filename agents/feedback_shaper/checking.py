"""Where the shaper meets verification: quotes become citations here or are dropped, and every sentence is held against them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import CriterionView, MomentView
from agents.feedback_shaper.rules.drafting import asked_in
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.feedback_shaper.state import ClaimState, InjectionState, QuoteState
from agents.language.injections import addressed
from agents.language.traits import WHY, trait_in
from alignment.citation import Citation, Quote
from alignment.contract import Contract
from alignment.errors import Unverified
from alignment.feedback import Verdict
from retrieval.embedding import Embedder
from retrieval.exchanges import answering_labels
from retrieval.reporting import added_words, misleading_quotations
from retrieval.verify import verify
from retrieval.wording import Problem, ProblemKind, unsupported_words

_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Checker:
    """One interview's record and one contract version, as everything said about them is checked."""

    evidence: Evidence
    contract: Contract
    embedder: Embedder
    names: frozenset[str] = frozenset()

    async def criterion_views(self, span: str, views: Sequence[CriterionView]) -> tuple[CriterionView, ...]:
        """The criteria with how near the claim is to each text and to what was said of it at intake."""
        if not views:
            return ()
        about = await self.evidence.embedded([*[v.text for v in views], *[v.said or v.text for v in views]])
        near = about @ (await self.embedder.embed([span]))[0]
        return tuple(
            v.model_copy(update={"signals": {"text": float(near[i]), "said": float(near[len(views) + i])}}) for i, v in enumerate(views)
        )

    async def kinds(self, span: str) -> dict[str, float]:
        """What kind of claim the words read like, as probabilities by name; empty with an embedder that the weights do not fit."""
        return kinds_of(span, (await self.embedder.embed([span]))[0], self.embedder.name)

    def injections(self, raw: str) -> list[InjectionState]:
        """Words in the feedback or in the transcript that address an AI reader."""
        found = [InjectionState(words=words, utterance=None, speaker="") for words in injected(raw)]
        for u in self.evidence.transcript.utterances:
            found += [InjectionState(words=words, utterance=u.index, speaker=u.speaker) for words in injected(u.text)]
        return found

    def question_before(self, view: MomentView) -> QuoteState | None:
        """The question that the moment answers, as a quote of whoever asked it; None where none was put in so many words."""
        transcript = self.evidence.transcript
        sought = asked_in(view)
        for i in reversed(self.evidence.exchanges[view.exchange].asked) if sought else ():
            if sought in transcript.utterances[i].text:
                return QuoteState(text=sought, speaker=transcript.utterances[i].speaker, utterances=[i])
        return None

    def cite(self, quote: QuoteState) -> Citation:
        """The citation of a quote; Unverified where the record does not hold it."""
        claimed = Quote(
            interview=self.evidence.transcript.interview,
            text=quote["text"],
            speaker=quote["speaker"],
            utterances=tuple(quote["utterances"]),
        )
        return verify(claimed, self.evidence.transcript)

    def citations(self, quotes: Sequence[QuoteState]) -> tuple[Citation, ...]:
        """The citations of quotes that were verified before."""
        return tuple(self.cite(q) for q in quotes)

    def rests_on(self, claim: ClaimState) -> tuple[Citation, ...]:
        """What a statement of the claim cites: the moments that it rests on, and the question that they answer."""
        return self.citations([*claim["quotes"][: claim["resting"]], *claim["asked"]])

    def keep_verified(self, claim: ClaimState) -> tuple[ClaimState, list[str]]:
        """The claim with only those quotes that the record holds, said by whoever is interviewed, and what was wrong with the rest."""
        notes: list[str] = []
        answering = answering_labels(self.evidence.transcript)
        pairs = [
            (x, q) for x, q in zip(claim["labels"], claim["quotes"], strict=True) if self._held(q, notes) and self._by(q, answering, notes)
        ]
        asked = [q for q in claim["asked"] if self._held(q, notes)]
        # What was offered as a choice does not move up into what the statement rests on.
        resting = sum(label in claim["labels"][: claim["resting"]] for label, _ in pairs)
        kept: ClaimState = {**claim, "labels": [x for x, _ in pairs], "quotes": [q for _, q in pairs], "asked": asked}
        return {**kept, "resting": max(1, resting)}, notes

    def problems(self, claim: ClaimState, sentence: str) -> list[Problem]:
        """What a sentence about the claim adds that its citations, its criterion and the interviewer's own words do not hold."""
        resting = self.rests_on(claim) if claim["asserted"] else self.citations([*claim["quotes"], *claim["asked"]])
        criterion = self.contract.criterion(claim["criterion"] or "")
        # Where the record has no times, the utterance is what tells the place.
        untimed = {f"utterance u{i}" for c in resting if c.start_s is None for i in range(c.first, c.last + 1)}
        own = untimed if claim["asserted"] else {claim["span"], *untimed}
        return unsupported_words(sentence, resting, criterion, allowed=own, people=self.names)

    def added(self, sentence: str, claim: ClaimState) -> list[str]:
        """What a question or a reason adds to the record; it may deny, since it asserts nothing of what was said."""
        return [p.told for p in self.problems(claim, sentence) if p.kind is not ProblemKind.NEGATION]

    def only_reports(self, claim: ClaimState, sentence: str, called: str) -> list[Problem]:
        """What a model's draft has beside whole quotations and words of reporting; a question may repeat its claim, and ask."""
        asserted = claim["asserted"]
        said = self.citations(claim["quotes"][: claim["resting"]] if asserted else claim["quotes"])
        asked = self.citations(claim["asked"])
        criterion = self.contract.criterion(claim["criterion"] or "")
        added = added_words(sentence, [*said, *asked], criterion, called=called, asks=not asserted)
        return [*added, *misleading_quotations(sentence, said, asked, () if asserted else (claim["span"],), called=called)]

    def citable(self, quotes: Sequence[QuoteState]) -> tuple[Citation, ...]:
        """The citations of those quotes that the record holds."""
        return self.citations([q for q in quotes if self._held(q, [])])

    def reason(self, claim: ClaimState) -> str:
        """Why a claim is set aside, in the product's own sentence: a judge's might repeat what is not to be repeated."""
        trait = trait_in(claim["span"])
        return trait.why if trait else WHY

    def shown(self, claim: ClaimState) -> dict[str, Any]:
        """The claim as the interviewer is shown it: plain values, with its moments cited."""
        return {
            "claim": claim["id"],
            "span": claim["span"],
            "criterion": claim["criterion"],
            "polarity": claim["polarity"],
            "verdict": claim["verdict"],
            "kind": "set_aside" if claim["verdict"] == Verdict.NOT_JOB_RELATED else "statement" if claim["asserted"] else "question",
            "text": claim["text"] or claim["why"],
            "reply": claim["reply"],
            "moments": [c.model_dump(mode="json") for c in self.citations(claim["quotes"])],
        }

    def _held(self, quote: QuoteState, notes: list[str]) -> bool:
        try:
            self.cite(quote)
        except Unverified as e:
            notes.append(str(e))
            return False
        return True

    def _by(self, quote: QuoteState, answering: frozenset[str], notes: list[str]) -> bool:
        if answering and self.cite(quote).speaker not in answering:
            notes.append(f"“{quote['text'][:60]}” was said by {quote['speaker']}, not by the candidate.")
            return False
        return True


def unprintable(text: str) -> bool:
    """Whether a text holds characters that a store cannot keep or that turn what a reader sees: controls, surrogates, overrides."""
    return any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or c in _OVERRIDES for c in text)


def injected(text: str) -> list[str]:
    """The stretches of a text that address an AI reader, each as the sentence it stands in."""
    found = (re.sub(r"\s+", " ", text[start:end]).strip() for start, end in addressed(text))
    return list(dict.fromkeys(words for words in found if words))
