"""Talking to the chat model: opening it, asking, and listening to its reply claim by claim.

The one door to the providers, whoever they are. What is asked and what a reply means stands in
``bot.drafting``; whether what it says holds is checked by ``bot.grounding``. Nothing that a
provider says in an error is handed on, because some of them repeat the key in it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Generator, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bot.domain import Claim, Verdict
from bot.drafting import ReplyReader
from bot.patience import within
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds for a whole reply; its first words may take half of them."""
LONGEST_REPLY: Final = 60_000
"""Characters; the longest sound reply has about a quarter of them."""
_MOST_PIECES = 20_000  # of one reply, empty ones too: LangChain keeps them all until the end


def open_chat_model(name: str) -> BaseChatModel:
    """Open ``provider:model``; the provider's package reads the provider's own variables.

    Those are its key, and with most of them an address to ask instead of theirs: ``openai:…`` with
    ``OPENAI_BASE_URL`` is whatever speaks OpenAI's protocol there.

    Raises:
        SettingsError: the provider is unknown, its package is not installed, or its key is missing.
    """
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, timeout=PATIENCE, max_retries=1)
    except ImportError as error:
        raise SettingsError(
            f"SMALLPRINT_CHAT_MODEL is {name!r}, which needs another package: {error}"
        ) from None
    except Exception as error:  # noqa: BLE001 each provider has its own class for a missing key
        log.warning("The chat model cannot be opened:\n%s", _frames(error))
        raise SettingsError(
            f"SMALLPRINT_CHAT_MODEL is {name!r}, which cannot be opened "
            f"({type(error).__name__}); check provider, model and the provider's API key."
        ) from None
    return model


class Reply:
    """A reply while it comes in: iterate over its claims once, then read what became of it.

    ``failed``: it did not come, or broke off; the claims that were given stand for themselves.
    """

    def __init__(self, pieces: Generator[str, None, None]) -> None:
        self._pieces = pieces
        self._reader = ReplyReader()
        self.failed = False

    def __iter__(self) -> Iterator[Claim]:
        """Give each claim as soon as it is complete, unchecked; what a provider raises ends it."""
        claims = self._claims()
        while True:
            try:
                claim = next(claims, None)
            except Exception as error:  # noqa: BLE001 every provider raises classes of its own
                log.warning("The chat model failed: %s\n%s", type(error).__name__, _frames(error))
                self.failed = True
                return
            if claim is None:
                return
            yield claim

    @property
    def declined(self) -> bool:
        """Whether it says that the passages do not settle the question, and claims nothing."""
        return not self._reader.settled

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that it gave so far, unchecked."""
        return self._reader.verdict

    def _claims(self) -> Iterator[Claim]:
        try:
            for piece in self._pieces:
                yield from self._reader.read(piece)
                if self._reader.complete:
                    return
        finally:
            self._pieces.close()
        raise ValueError("the reply ended before it was complete")


class Chat:
    """Asks a chat model about material; safe to share between threads."""

    def __init__(self, model: BaseChatModel, patience: float = PATIENCE) -> None:
        """``patience`` is how many seconds a whole reply may take, and its first words half."""
        from langchain_core.prompts import ChatPromptTemplate

        written = files("bot").joinpath("prompts/answer.txt").read_text(encoding="utf-8")
        self._prompt = ChatPromptTemplate.from_messages([("system", written), ("human", "{asked}")])
        self._model = model
        self._patience = patience

    def ask(self, asked: str) -> Reply:
        """Send ``asked`` as data; nothing is sent before the reply is iterated over."""
        return Reply(within(self._patience / 2, self._patience, lambda: self._texts(asked)))

    def _texts(self, asked: str) -> Iterator[str]:
        """The pieces of the reply that have words, up to :data:`LONGEST_REPLY` characters."""
        remaining = LONGEST_REPLY
        messages = self._prompt.invoke({"asked": asked})
        for number, piece in enumerate(self._model.stream(messages)):
            text = str(piece.text)[: remaining + 1]
            if text:
                yield text[:remaining]
            remaining -= len(text)
            if remaining < 0 or number >= _MOST_PIECES:
                raise ValueError("the reply is too long")


def _frames(error: Exception) -> str:
    """The traceback without its message, in which providers repeat parts of the key."""
    return "".join(traceback.format_tb(error.__traceback__))
