"""Who spoke when several share one channel: voices told apart while a recording is heard, each label with how sure it is.

What a voice sounds like is kept in memory alone, for one recording, and gone with it; nobody is recognised from another recording.
"""

from corpus.turns.cutting import SURE
from corpus.turns.listening import VoiceModel, open_voices
from corpus.turns.telling import who_spoke
from corpus.turns.weights import INSTALL

__all__ = ["INSTALL", "SURE", "VoiceModel", "open_voices", "who_spoke"]
