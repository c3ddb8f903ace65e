"""What is wrong is said in one sentence before anything is taken; secrets are never said."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.app import SlackBot, check_slack
from bot.poster import SlackUnreachableError
from bot.settings import SlackSettings
from ingest import settings as knowing
from ingest.errors import SettingsError
from tests.scenarios.canned import CannedServices
from tests.scenarios.loopback_slack import BOT_TOKEN, Fault, LoopbackSlack
from tests.scenarios.running import RunningBot, mention
from tests.scenarios.signing import SECRET


class TestStart:
    """What is wrong is said in one sentence before anything is taken."""

    def services(self, tmp_path: Path, slack: SlackSettings) -> CannedServices:
        return CannedServices(slack, lambda _: None, knowing.Settings(tmp_path, ""))  # type: ignore[arg-type,return-value]

    def start(self, services: CannedServices, socket_mode: bool = False) -> None:
        SlackBot(services, socket_mode=socket_mode, host="127.0.0.1")

    def test_a_token_that_slack_does_not_accept(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        services = self.services(tmp_path, SlackSettings("xoxb-wrong", SECRET, "", slack.api_url))
        with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN \(invalid_auth\)"):
            self.start(services)

    def test_a_slack_that_cannot_be_reached(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        services = self.services(
            tmp_path, SlackSettings(BOT_TOKEN, SECRET, "", "http://127.0.0.1:9/api/")
        )
        with pytest.raises(SlackUnreachableError, match=r"http://127\.0\.0\.1:9/api/ .* no answer"):
            self.start(services)

    def test_no_signing_secret(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        services = self.services(tmp_path, SlackSettings(BOT_TOKEN, "", "", slack.api_url))
        with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET is not set"):
            self.start(services)

    def test_no_bot_token(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        services = self.services(tmp_path, SlackSettings("", SECRET, "", slack.api_url))
        with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not set"):
            self.start(services)

    def test_no_app_token_for_socket_mode(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        services = self.services(tmp_path, SlackSettings(BOT_TOKEN, SECRET, "", slack.api_url))
        with pytest.raises(SettingsError, match="SLACK_APP_TOKEN is not set"):
            self.start(services, socket_mode=True)

    def test_settings_of_other_programs_in_the_environment_change_nothing(
        self, slack: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("CLIENT_ID", "CLIENT_SECRET", "SIGNING_SECRET", "BOT_TOKEN"):
            monkeypatch.setenv(f"SLACK_{name}", "somebody else's")
        bot = RunningBot(slack, tmp_path)
        bot.tell(mention())
        slack.wait_for_posts(1)
        bot.close()
        assert {each.token for each in slack.of("chat.postMessage")} == {BOT_TOKEN}


class TestDoctor:
    """``smallprint doctor`` tries the tokens."""

    def test_it_says_who_we_are(self, slack: LoopbackSlack) -> None:
        told = check_slack(SlackSettings(BOT_TOKEN, SECRET, "", slack.api_url))
        assert "Acme" in told
        assert "smallprint" in told

    def test_it_names_missing_scopes(
        self, slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tests.scenarios.loopback_slack.SCOPES", "chat:write,commands")
        with pytest.raises(SettingsError, match="app_mentions:read, assistant:write, im:history"):
            check_slack(SlackSettings(BOT_TOKEN, SECRET, "", slack.api_url))


def test_no_secret_reaches_a_log(
    slack: LoopbackSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bot = RunningBot(slack, tmp_path)
    slack.misbehave("chat.postMessage", Fault(500))
    bot.tell(mention())
    bot.command("explode")
    slack.wait_for_posts(1)
    bot.close()
    assert len(caplog.records) > 5
    for secret in (BOT_TOKEN, SECRET):
        assert secret not in caplog.text
