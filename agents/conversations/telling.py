"""How a turn reads: numbers in the text, and at its end where each of the words that it rests on was said."""

from collections.abc import Iterable, Mapping

from alignment.citation import Citation
from alignment.contract import Contract
from alignment.record import InterviewId
from alignment.transcript import clock


class Footnotes:
    """Counts citations as they come; the same words are one note."""

    def __init__(self, interviews: Mapping[InterviewId, str]) -> None:
        self._interviews = interviews
        self.cited: list[Citation] = []

    def after(self, text: str, citations: Iterable[Citation]) -> str:
        """The text with the numbers of what it rests on behind it."""
        return " ".join([text, *(f"[{self.number(c)}]" for c in citations)])

    def number(self, citation: Citation) -> int:
        """The number of a citation, from 1."""
        if citation not in self.cited:
            self.cited.append(citation)
        return self.cited.index(citation) + 1

    @property
    def told(self) -> str:
        """A line a citation: interview, time, speaker."""
        lines = [f"[{n}] {self.place(c)}" for n, c in enumerate(self.cited, start=1)]
        return "\n\n" + "\n".join(lines) if lines else ""

    def place(self, citation: Citation) -> str:
        """Where and when it was said, and by whom."""
        start, end = citation.start_s, citation.end_s
        at = f"{clock(start)}-{clock(end)}" if start is not None and end is not None else f"u{citation.first}"
        return f"{self._interviews.get(citation.interview, 'intake')}, {at}, {citation.spoken}{citation.doubt}"


def contract_told(contract: Contract) -> str:
    """The contract's lines, and who signed."""
    signed = [s.name for s in contract.signatures if s.contract_digest == contract.wording]
    state = f"signed by {' and '.join(signed)}" if signed else "not signed"
    lines = [f"Contract, version {contract.version}: {state}.", *(f"{c.id}  {c.text}" for c in contract.criteria)]
    if gaps := contract.gaps():
        lines.append(f"Still open: {', '.join(gaps)}.")
    return "\n".join(lines)
