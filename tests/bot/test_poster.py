"""The only writer to Slack: what it sends, what it waits out, what it gives up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.blocks.replies import how_to, refusal
from bot.poster import Poster, SlackRefusedError, SlackUnreachableError, ephemeral, web_client
from bot.settings import SlackSettings
from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import BOT_TOKEN, Fault, LoopbackSlack, too_many


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackSlack]:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LoopbackSlack() as running:
        yield running


@pytest.fixture
def poster(slack: LoopbackSlack) -> Poster:
    return Poster(web_client(SlackSettings(BOT_TOKEN, "", "", slack.api_url)))


def test_a_message_goes_into_its_thread_with_a_text_and_without_previews(
    slack: LoopbackSlack, poster: Poster
) -> None:
    poster.post("C1", "1.2", how_to())
    (sent,) = slack.posts
    assert (sent["channel"], sent["thread_ts"], sent["text"]) == ("C1", "1.2", how_to().text)
    assert (sent["unfurl_links"], sent["unfurl_media"], sent["mrkdwn"]) == (False, False, False)
    assert sent["blocks"] == list(how_to().blocks)


@pytest.mark.parametrize("times", [1, 3])
def test_a_limit_is_waited_out(slack: LoopbackSlack, poster: Poster, times: int) -> None:
    slack.misbehave("chat.postMessage", *[too_many(0)] * times)
    poster.post("C1", "1.2", how_to())
    assert len(slack.of("chat.postMessage")) == times + 1
    assert len(slack.posts) == 1


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(0)])
def test_a_fault_is_tried_again(slack: LoopbackSlack, poster: Poster, fault: Fault) -> None:
    slack.misbehave("chat.postMessage", fault)
    poster.post("C1", "1.2", how_to())
    assert len(slack.posts) == 1


@pytest.mark.parametrize(
    "fault",
    [Fault(500), Fault(0), Fault(502, body="<html>"), Fault(504, body='{"ok":false}')],
    ids=["500", "hang up", "502 of a proxy", "504"],
)
def test_a_fault_that_stays_is_for_later(
    slack: LoopbackSlack, poster: Poster, fault: Fault
) -> None:
    slack.misbehave("chat.postMessage", *[fault] * 3)
    with pytest.raises(SlackUnreachableError):
        poster.post("C1", "1.2", how_to())


def test_a_server_that_is_not_there_is_for_later() -> None:
    poster = Poster(web_client(SlackSettings(BOT_TOKEN, "", "", "http://127.0.0.1:9/api/")))
    with pytest.raises(SlackUnreachableError, match="got no answer from Slack"):
        poster.post("C1", "1.2", how_to())


def test_a_refusal_carries_slacks_word(slack: LoopbackSlack, poster: Poster) -> None:
    slack.missing_channels.add("C9")
    with pytest.raises(SlackRefusedError) as refused:
        poster.post("C9", "1.2", how_to())
    assert refused.value.code == "channel_not_found"
    assert len(slack.of("chat.postMessage")) == 1


def test_blocks_that_slack_refuses_are_left_out(
    slack: LoopbackSlack, poster: Poster, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse_blocks = True
    poster.post("C1", "1.2", how_to())
    assert slack.posts[0]["text"] == how_to().text
    assert "refused our blocks" in caplog.text


def test_a_command_is_answered_at_its_address(slack: LoopbackSlack, poster: Poster) -> None:
    poster.reply(slack.response_url, refusal("No licence is called <x>."))
    (sent,) = slack.answers
    assert sent == {
        **ephemeral(refusal("No licence is called <x>.")),
        "replace_original": False,
    }
    assert problems(sent) == []


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault(404, body="expired_url"), SlackRefusedError),
        (Fault(400, body="invalid_blocks"), SlackRefusedError),
        (Fault(504, body="<html>"), SlackUnreachableError),
    ],
)
def test_a_response_address_that_says_no_is_told_apart(
    slack: LoopbackSlack, poster: Poster, fault: Fault, raised: type[Exception]
) -> None:
    slack.misbehave("response", fault)
    with pytest.raises(raised):
        poster.reply(slack.response_url, how_to())


def test_a_token_of_another_app_is_refused(slack: LoopbackSlack) -> None:
    poster = Poster(web_client(SlackSettings("xoxb-other", "", "", slack.api_url)))
    with pytest.raises(SlackRefusedError, match="invalid_auth"):
        poster.post("C1", "1.2", how_to())
