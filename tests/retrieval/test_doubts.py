"""Words that a speech model was not sure of: a citation that rests on them says so, and one that does not says nothing."""

import pytest

from alignment.citation import Quote
from alignment.errors import Elsewhere
from alignment.record import InterviewId, OrganisationId, TranscriptId
from alignment.transcript import Speaker, Transcript, Utterance
from retrieval.verify import check_citation, reverify, verify

INTERVIEW = InterviewId("int-1")
TEXT = "We moved the rye to the small oven at four"


def heard(**more: object) -> Transcript:
    """Two utterances of one speaker, the first as a machine heard it."""
    first = Utterance(index=0, speaker="Channel 1", text=TEXT, start_s=0.0, end_s=4.0, **more)
    second = Utterance(index=1, speaker="Channel 1", text="and nobody noticed.", start_s=4.0, end_s=6.0)
    return Transcript(
        id=TranscriptId("trn-1"),
        organisation=OrganisationId("org-1"),
        interview=INTERVIEW,
        source_format="recording",
        source_digest="d",
        speakers=(Speaker(label="Channel 1"),),
        utterances=(first, second),
    )


def doubtful() -> Transcript:
    rye, four = TEXT.index("rye"), TEXT.index("four")
    return heard(confidence=0.7, doubts=((rye, rye + 3, 0.3), (four, four + 4, 0.2)))


def quoted(text: str) -> Quote:
    return Quote(interview=INTERVIEW, text=text, speaker="Channel 1")


def test_a_citation_names_the_words_in_it_that_were_not_heard_clearly() -> None:
    citation = verify(quoted("moved the rye to the small oven"), doubtful())
    assert (citation.unsure, citation.doubt) == (("rye",), " (not heard clearly: rye)")
    over = verify(quoted("oven at four and nobody noticed"), doubtful())
    assert over.unsure == ("four",)


def test_a_citation_of_clear_words_says_nothing_of_the_doubtful_ones_beside_them() -> None:
    assert verify(quoted("to the small oven"), doubtful()).doubt == ""


def test_a_citation_that_hides_a_doubt_is_none() -> None:
    transcript = doubtful()
    hiding = verify(quoted("moved the rye"), transcript).model_copy(update={"unsure": ()})
    with pytest.raises(Elsewhere):
        check_citation(hiding, transcript)


def test_a_citation_tells_how_sure_it_is_who_spoke_and_a_reader_where_that_is_unsure() -> None:
    surely, less = verify(quoted("moved the rye"), heard(attribution=0.95)), verify(quoted("moved the rye"), heard(attribution=0.74))
    assert (surely.attribution, surely.doubt) == (0.95, "")
    assert (less.attribution, less.doubt) == (0.74, " (who spoke: 74% sure)")
    over = verify(quoted("oven at four and nobody noticed"), heard(attribution=0.74))
    assert over.attribution == 0.74
    assert verify(quoted("and nobody noticed"), heard(attribution=0.74)).attribution is None
    both = doubtful().model_copy(update={"utterances": (doubtful().utterances[0].model_copy(update={"attribution": 0.8}),)})
    assert verify(quoted("the rye"), both).doubt == " (not heard clearly: rye; who spoke: 80% sure)"


def test_a_citation_may_be_silent_about_who_spoke_as_those_made_earlier_are_and_may_not_make_it_surer() -> None:
    transcript = heard(attribution=0.74)
    citation = verify(quoted("moved the rye"), transcript)
    check_citation(citation, transcript)
    check_citation(citation.model_copy(update={"attribution": None}), transcript)
    with pytest.raises(Elsewhere):
        check_citation(citation.model_copy(update={"attribution": 0.95}), transcript)


def test_a_person_who_corrects_the_words_takes_the_doubt_away() -> None:
    citation = verify(quoted("moved the rye"), doubtful())
    corrected = heard().model_copy(update={"version": 2, "id": TranscriptId("trn-2")})
    assert reverify(citation, corrected).doubt == ""


def test_the_digest_of_what_no_machine_heard_is_what_it_was_before_machines_were_asked() -> None:
    # Made by the version before utterances could be doubtful: stored citations carry it.
    assert heard().digest == "6ac73192df6fa2ee13f724959c3b971c09dc270cbc85ddee6eeff9c6780210fb"
    assert heard(confidence=0.9).digest != heard().digest
