"""Transcripts of every tool that hiring teams record with, read into one shape."""

from corpus.importers.parsed import UNKNOWN_SPEAKER, Parsed
from corpus.importers.reading import read_transcript

__all__ = ["UNKNOWN_SPEAKER", "Parsed", "read_transcript"]
