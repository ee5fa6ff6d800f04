"""A file's bytes into one transcript, whatever tool wrote it: the content decides on the format, never the name."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from alignment.errors import BadTranscript
from alignment.transcript import Utterance
from corpus.importers.assemblyai import assemblyai_pieces, is_assemblyai
from corpus.importers.captions import pieces_of
from corpus.importers.cues import is_srt, is_webvtt, read_srt_cues, read_webvtt_cues
from corpus.importers.decoding import decode
from corpus.importers.deepgram import deepgram_pieces, is_deepgram
from corpus.importers.dialogue import dialogue_pieces, is_dialogue, is_otter, otter_pieces
from corpus.importers.json_text import is_json, load
from corpus.importers.parsed import Parsed, Piece, refusal
from corpus.importers.plain import is_plain, plain_pieces
from corpus.importers.utterances import fill_ends, join, keep, tidy
from corpus.importers.whisperx import is_whisperx, whisperx_pieces

LONGEST_UTTERANCE = 1_000_000
"""Characters: ten hours of one voice, as an export without speakers has them; what is longer is no speech."""

Joined = Callable[[Sequence[Piece]], tuple[Utterance, ...]]
JsonReader = tuple[str, Callable[[Any], bool], Callable[[Any, str, str], list[Piece]], Joined]

_JSON: tuple[JsonReader, ...] = (
    ("deepgram", is_deepgram, deepgram_pieces, join),
    ("whisperx", is_whisperx, whisperx_pieces, join),
    ("assemblyai", is_assemblyai, assemblyai_pieces, keep),
    ("json", is_plain, plain_pieces, keep),
)
_KNOWN = "WebVTT, SRT, Otter text, lines of `Name: text`, or the JSON of WhisperX, Deepgram, AssemblyAI or a plain list of utterances"


def read_transcript(data: bytes, *, where: str) -> Parsed:
    """The transcript in a file's bytes; `where` names the file in errors.

    Raises BadTranscript, and nothing else, for bytes that are not a transcript with at least one word in it.
    """
    text = decode(data, where)
    kind, pieces, joined = _read(text, where)
    utterances = joined(fill_ends(tidy(pieces)))
    if not utterances:
        raise refusal("Nobody says anything in the file", where, line=1, expected="at least one cue or utterance with words")
    if longest := next((u for u in utterances if len(u.text) > LONGEST_UTTERANCE), None):
        raise BadTranscript(
            f"Utterance {longest.index} has {len(longest.text)} characters, and nobody says more than {LONGEST_UTTERANCE} in a row",
            where=where,
            todo="Export it with its speakers and times.",
        )
    labels = tuple(dict.fromkeys(u.speaker for u in utterances))
    return Parsed(kind, labels, utterances, hashlib.sha256(data).hexdigest())


def _read(text: str, where: str) -> tuple[str, list[Piece], Joined]:
    if is_webvtt(text):
        return "webvtt", pieces_of(read_webvtt_cues(text, where)), join
    if is_json(text):
        return _read_json(text, where)
    if is_srt(text):
        return "srt", pieces_of(read_srt_cues(text, where)), join
    if "-->" in text:
        raise refusal("Cues without the WebVTT signature", where, line=1, expected="a first line WEBVTT, or SRT's numbered cues")
    if is_otter(text):
        return "otter", otter_pieces(text, where), join
    if is_dialogue(text):
        return "text", dialogue_pieces(text), join
    raise refusal("The file is in no transcript format that is known here", where, line=1, expected=_KNOWN)


def _read_json(text: str, where: str) -> tuple[str, list[Piece], Joined]:
    value = load(text, where)
    for kind, fits, pieces, joined in _JSON:
        if fits(value):
            return kind, pieces(value, text, where), joined
    raise refusal("The JSON is not a transcript", where, line=1, expected="`segments`, `results` or `utterances` with texts and speakers")
