"""Bytes into text, whatever tool wrote them; anything that is not text is refused by name."""

import codecs

import charset_normalizer

from corpus.importers.parsed import refusal

_BOMS = (  # the longer marks first: UTF-16's is the beginning of UTF-32's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP or Word document"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"RIFF", "a WAV or AVI recording"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1a\x45\xdf\xa3", "a WebM or Matroska recording"),
    (b"\x1f\x8b", "a gzip archive"),
)
_TEXT = "a transcript as text: WebVTT, SRT, Otter text, or the JSON of WhisperX, Deepgram or AssemblyAI"
_SAMPLE = 65_536
# What Windows and East Asian tools still write; the detector's full list has look-alikes of these that nobody meets.
_OLD_ENCODINGS = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
    "euc_jp",
]
_COMMONEST = "cp1252"  # decides where a few letters fit several old encodings equally well


def decode(data: bytes, where: str) -> str:
    """The text of a file, newlines as \\n and no byte-order mark; BadTranscript for a binary or an empty one."""
    if not data.strip(b"\0 \t\r\n\x0c"):
        raise refusal("The file is empty", where, expected=_TEXT)
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            raise refusal(f"The file is {kind}", where, expected=_TEXT)
    if data[4:8] == b"ftyp":
        raise refusal("The file is an MP4 recording", where, expected=_TEXT)
    text = _text_of(data, where).removeprefix("\ufeff")
    _refuse_binary(text, where)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�")


def _text_of(data: bytes, where: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding, where)
    if wide := _utf16_without_bom(data[:_SAMPLE]):
        return _strictly(data, wide, where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, _guess(data, where), where)


def _strictly(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise refusal(f"The file begins as {encoding} and goes on as something else", where, expected=_TEXT) from None


def _utf16_without_bom(sample: bytes) -> str | None:
    """Western text in UTF-16 has a zero in every second byte, and digits, colons and spaces are such text in every language."""
    pairs = max(1, len(sample) // 2)
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > pairs * 0.3 and low < pairs * 0.05:
        return "utf-16-le"
    if low > pairs * 0.3 and high < pairs * 0.05:
        return "utf-16-be"
    return None


def _guess(data: bytes, where: str) -> str:
    # The detector weighs every encoding over what it is given, so a file of hours is judged by its beginning
    # and by the first bytes that are not ASCII.
    odd = next((i for i, byte in enumerate(data) if byte > 127), 0)
    sample = data[:4096] + data[max(4096, odd - 1024) : max(4096, odd + _SAMPLE - 4096)]
    matches = charset_normalizer.from_bytes(sample, cp_isolation=_OLD_ENCODINGS, preemptive_behaviour=False, threshold=0.3)
    best = matches.best()
    if best is None or b"\0" in sample:
        raise refusal("The file is not text", where, expected=_TEXT)
    alike = {m.encoding for m in matches if (m.chaos, m.coherence) == (best.chaos, best.coherence)}
    return _COMMONEST if _COMMONEST in alike else best.encoding


def _refuse_binary(text: str, where: str) -> None:
    sample = text[:_SAMPLE]
    strange = sum(1 for c in sample if (c < " " and c not in "\t\n\r\f") or "\x7f" <= c <= "\x9f" or c == "\ufffe")
    if strange > max(2, len(sample) // 200):
        raise refusal("The file is not text", where, expected=_TEXT)
