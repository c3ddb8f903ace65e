"""Somebody goes on asking in the thread of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.conversations import Conversations
from bot.recalling import Recaller
from bot.threads import Threads
from ingest import database
from ingest.embedding import Embedder
from tests.bot.pretend_library import NOW, TEXTS, World, indexed
from tests.scenarios.block_validator import problems
from tests.scenarios.canned import Gate
from tests.scenarios.loopback_slack import LoopbackSlack
from tests.scenarios.running import DIRECT, RunningBot, direct, mention

THREAD = "1700000000.000001"
CAP = "how many monthly active users may we have with rocket 2?"


@pytest.fixture(scope="module")
def world(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> World:
    return indexed(tmp_path_factory.mktemp("world"), embedder)


class TalkingBot(RunningBot):
    """A bot that answers out of the pretend library and remembers threads in its database."""

    def __init__(self, slack: LoopbackSlack, folder: Path, world: World) -> None:
        answerer = world.answerer()
        super().__init__(
            slack,
            folder,
            lambda question: answerer.answer(question, NOW.date()),
            started=False,
        )
        self.memory = database.connect(f"sqlite:///{folder / 'smallprint.db'}")
        self.services.conversations = Conversations(
            self.services.answer,
            answerer.scopes,
            Recaller(world.archive, answerer.library),
            Threads(self.memory),
            self.services.now,
        )
        self.start()

    def close(self) -> None:
        super().close()
        self.memory.dispose()

    def say(self, text: str, thread: str = THREAD) -> dict[str, Any]:
        """Mention the bot in a thread and wait for what it posts there."""
        before = len(self.slack.posts)
        self.tell(mention(f"<@U0BOT> {text}", thread_ts=thread))
        post = self.slack.wait_for_posts(before + 1)[-1]
        self.settled()
        return post


@pytest.fixture
def talking(slack: LoopbackSlack, tmp_path: Path, world: World) -> Iterator[TalkingBot]:
    running = TalkingBot(slack, tmp_path, world)
    yield running
    running.close()


def test_a_thread_of_questions_is_understood_to_its_end(talking: TalkingBot) -> None:
    assert "40 million" in talking.say(CAP)["text"]
    second = talking.say("nd rocket 1?")
    assert "5 million" in second["text"]
    assert "Read as: “how many monthly active users may we have with rocket 1?”" in second["text"]
    whole = talking.say("quote it in full")
    assert TEXTS["acme/rocket-1"].split("\n\n")[2] in quoted(whole)
    assert "first seen" in talking.say("since when?")["text"]
    assert "Acme says so" in talking.say("who says that")["text"]
    thanks = talking.say("thx")
    assert "welcome" in thanks["text"]
    assert "legal advice" not in thanks["text"]
    assert len(talking.services.asked) == 2
    for post in talking.slack.posts:
        assert post["thread_ts"] == THREAD
        assert problems(post) == []


def quoted(post: dict[str, Any]) -> list[str]:
    """The words that are set off as quotes."""
    return [
        each["elements"][0]["text"]
        for block in post["blocks"]
        for each in block.get("elements", [])
        if each["type"] == "rich_text_quote"
    ]


def test_a_direct_message_has_a_thread_as_well(talking: TalkingBot) -> None:
    first = direct(CAP)
    talking.tell(first)
    talking.settled()
    talking.tell(direct("and rocket 1?", thread_ts=first["event"]["ts"]))
    assert talking.settled()[-1]["channel"] == DIRECT
    assert talking.services.asked[-1] == CAP.replace("2", "1")


def test_a_new_thread_has_no_memory(talking: TalkingBot) -> None:
    talking.say(CAP)
    talking.tell(mention("<@U0BOT> and the courts?"))
    talking.settled()
    assert talking.services.asked == [CAP, "and the courts?"]


def test_two_threads_at_once_do_not_mix(talking: TalkingBot) -> None:
    other = "1700000000.000002"
    talking.tell(mention(f"<@U0BOT> {CAP}", thread_ts=THREAD))
    talking.tell(mention("<@U0BOT> zenith chat: how old must we be?", thread_ts=other))
    talking.settled()
    talking.tell(mention("<@U0BOT> and which courts?", thread_ts=THREAD))
    talking.tell(mention("<@U0BOT> and which damages?", thread_ts=other))
    talking.settled()
    assert sorted(talking.services.asked[2:]) == [
        "rocket 2: which courts?",
        "zenith chat: which damages?",
    ]


def test_a_redelivered_follow_up_is_answered_once_and_changes_nothing(talking: TalkingBot) -> None:
    talking.say(CAP)
    asked = mention("<@U0BOT> in the EU?", thread_ts=THREAD)
    talking.tell(asked)
    talking.settled()
    talking.redeliver(asked)
    assert len(talking.settled()) == 2
    talking.say("and rocket 1?")
    assert talking.services.asked[-1] == f"{CAP[:-1].replace('2', '1')}, in the EU?"


def test_the_next_process_remembers_the_thread(
    slack: LoopbackSlack, tmp_path: Path, world: World
) -> None:
    first = TalkingBot(slack, tmp_path, world)
    first.say(CAP)
    first.close()
    second = TalkingBot(slack, tmp_path, world)
    second.say("and rocket 1?")
    second.close()
    assert second.services.asked == [CAP.replace("2", "1")]


def test_what_follows_before_the_answer_is_there_knows_what_was_asked(talking: TalkingBot) -> None:
    gate = Gate()
    talking.services.answering = gate
    talking.tell(mention(f"<@U0BOT> {CAP}", thread_ts=THREAD))
    assert gate.entered.wait(20)
    talking.tell(mention("<@U0BOT> and rocket 1?", thread_ts=THREAD))
    while len(talking.services.asked) < 2:
        talking.slack.wait(lambda: len(talking.services.asked) == 2)
    gate.open.set()
    talking.settled()
    assert talking.services.asked == [CAP, CAP.replace("2", "1")]


def test_markup_in_what_was_typed_does_nothing_in_how_it_was_read(talking: TalkingBot) -> None:
    talking.say(CAP)
    post = talking.say("what about &lt;!channel&gt; *bold* users?")
    assert problems(post) == []
    assert "<!channel>" not in post["text"]
    assert "&lt;!channel&gt;" in post["text"]
