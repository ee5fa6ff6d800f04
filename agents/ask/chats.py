"""A model's name to a LangChain chat model: `provider:model`, the provider's own key and address from its own variables."""

import warnings
from typing import Any

from langchain_core.language_models import BaseChatModel

from alignment.errors import BadSettings
from alignment.settings import AskSettings

EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
_NAMED = "PLUMBLINE_MODEL"
_CLIENTS = ("root_async_client", "_async_client", "async_client")
_ADDRESSES = ("base_url", "endpoint", "azure_endpoint")


def open_chat(name: str, limits: AskSettings) -> BaseChatModel:
    """The chat model of that name, not asked anything yet.

    BadSettings where its package or its key is missing, or where LangChain knows no such provider.
    """
    # It warns of a schema that the server does not know, and raises as well: the one place to say it is our next request, which has none.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"langchain_openai\.")
    bare = _made(name, {})
    return _made(name, _wanted(bare, limits))


def address_of(chat: BaseChatModel) -> str:
    """The base URL that a chat model's requests go to, empty where its package does not tell.

    A variable of the provider's own is read by its client and not by LangChain's model: the client is the one to ask.
    """
    clients = [getattr(chat, name, None) for name in _CLIENTS]
    holders = [*clients, *[getattr(c, "_client", None) for c in clients]]
    found = [getattr(h, "base_url", None) for h in holders] + [getattr(chat, name, None) for name in _ADDRESSES]
    return next((str(a) for a in found if a), "")


def _wanted(bare: BaseChatModel, limits: AskSettings) -> dict[str, Any]:
    """Our limits in the provider's own words, where it has them; its retries are off, since ours count against the budget."""
    fields = type(bare).model_fields
    profile: Any = bare.profile or {}
    wanted: dict[str, Any] = {
        "temperature": limits.temperature if profile.get("temperature", True) else None,
        "seed": limits.seed,
        "max_retries": 0,
        "max_tokens": limits.reply_tokens,
        "num_predict": limits.reply_tokens,
        # Ollama cuts what is longer than its window without a word.
        "num_ctx": limits.tokens + 2 * limits.reply_tokens,
    }
    return {k: v for k, v in wanted.items() if k in fields and v is not None}


def _made(name: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # three quarters of a second that the rules do not need

    provider, _, model = name.partition(":")
    try:
        made: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as e:
        extra = EXTRAS.get(provider)
        package = f"plumbline[{extra}]" if extra else f"langchain-{provider.replace('_', '-')}"
        raise BadSettings(
            f"The model {name} needs a further package", where=_NAMED, todo=f"Install it with: pip install '{package}'."
        ) from e
    except ValueError as e:
        if "provider" in str(e).lower() and "supported" in str(e).lower():
            raise BadSettings(f"LangChain knows no provider {provider!r}", where=_NAMED, todo="Write provider:model.") from e
        raise _impossible(name, e) from e
    except Exception as e:  # every provider raises its own where its key is missing
        raise _impossible(name, e) from e
    return made


def _impossible(name: str, e: Exception) -> BadSettings:
    # What the provider says is not repeated: it may hold a key.
    return BadSettings(
        f"The model {name} cannot be set up: {type(e).__name__}",
        where=_NAMED,
        todo="Check that the provider's own variables are set, such as its API key and its base URL.",
    )
