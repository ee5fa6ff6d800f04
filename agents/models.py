"""Who is asked for each judgement: settings to one asker a model, shared by all the judgements that name it."""

import asyncio

from agents.ask import Asker, KeptReplies, Ledger, open_chat
from agents.ask.requests import Requests
from agents.prompts import check_folder
from agents.seam import Askers
from alignment.errors import BadSettings
from alignment.settings import RULES, ModelsSettings, Settings

JUDGEMENTS = tuple(ModelsSettings.model_fields)


def open_askers(settings: Settings, ledger: Ledger) -> Askers:
    """An asker for each judgement that a model is to make; nothing is asked yet. BadSettings where a model cannot be set up."""
    named = {j: getattr(settings.models, j) or settings.model for j in JUDGEMENTS}
    limits = settings.ask
    if limits.offline and limits.cache is None:
        raise BadSettings("Only kept replies may be used, and none are named", where="PLUMBLINE_ASK__CACHE", todo="Name their file.")
    if settings.prompts:
        check_folder(settings.prompts)
    wanted = sorted({n for n in named.values() if n != RULES})
    kept = KeptReplies.open(limits.cache, offline=limits.offline) if wanted and limits.cache else None
    made = {
        name: Asker(
            requests=Requests(name=name, chat=open_chat(name, limits), limits=limits),
            limits=limits,
            kept=kept,
            ledger=ledger,
            room=asyncio.Semaphore(limits.at_once),
            prompts=settings.prompts,
        )
        for name in wanted
    }
    return {j: made[name] for j, name in named.items() if name != RULES}


def kept_in(askers: Askers, settings: Settings) -> KeptReplies | None:
    """The replies that these askers keep, or the file that the settings name where nobody is asked; None where none are kept."""
    kept = next((a.kept for a in askers.values() if a.kept), None)
    return kept or (KeptReplies(settings.ask.cache) if settings.ask.cache else None)
