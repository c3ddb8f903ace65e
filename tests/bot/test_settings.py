"""Settings: what is accepted, what is refused in one sentence, and that secrets stay unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import from_environment, require_slack
from ingest.errors import SettingsError


def test_nothing_set_means_the_terminal_a_local_database_and_quoted_answers() -> None:
    settings = from_environment({})
    assert not settings.slack.configured
    assert settings.knowing.home == Path("var").resolve()
    assert settings.knowing.database_url == f"sqlite:///{Path('var').resolve() / 'smallprint.db'}"
    assert settings.port == 3000
    assert settings.chat_model == ""


def test_an_empty_variable_counts_as_unset() -> None:
    assert from_environment({"SMALLPRINT_HOME": "", "PORT": ""}) == from_environment({})


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PORT", "eighty", "number from 1 to 65535"),
        ("PORT", "70000", "number from 1 to 65535"),
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("SLACK_API_URL", "slack.test/api", "https://"),
        ("SMALLPRINT_CHAT_MODEL", "gpt-5", "provider:model"),
        ("DATABASE_URL", "mysql://root@db/x", "postgresql://"),
    ],
)
def test_a_malformed_value_is_refused_with_its_name_and_what_is_allowed(
    name: str, value: str, part: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_environment({name: value})
    assert name in str(refusal.value)
    assert part in str(refusal.value)


def test_a_malformed_database_address_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as refusal:
        from_environment({"DATABASE_URL": "mysql://root:hunter2@db/x"})
    assert "hunter2" not in str(refusal.value)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(SettingsError, match="which is a file"):
        from_environment({"SMALLPRINT_HOME": str(tmp_path / "home")})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgres_uses_the_same_driver(scheme: str) -> None:
    settings = from_environment({"DATABASE_URL": f"{scheme}://u:p@host/db"})
    assert settings.knowing.database_url == "postgresql+psycopg://u:p@host/db"


def test_the_address_of_slack_ends_in_a_slash_because_the_sdk_adds_none() -> None:
    settings = from_environment({"SLACK_API_URL": "http://127.0.0.1:9/api"})
    assert settings.slack.api_url == "http://127.0.0.1:9/api/"


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    secret = {
        "SLACK_BOT_TOKEN": "xoxb-secret-one",
        "SLACK_SIGNING_SECRET": "secret-two",
        "SLACK_APP_TOKEN": "xapp-secret-three",
        "DATABASE_URL": "postgresql://user:secret-four@host/db",
    }
    assert "secret" not in repr(from_environment(secret))


@pytest.mark.parametrize(
    ("environment", "part"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_half_of_what_slack_needs_is_refused(environment: dict[str, str], part: str) -> None:
    slack = from_environment(environment).slack
    assert slack.configured
    with pytest.raises(SettingsError, match=part):
        require_slack(slack)


@pytest.mark.parametrize("other", ["SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"])
def test_a_bot_token_and_one_way_in_are_enough(other: str) -> None:
    value = "xapp-1" if other == "SLACK_APP_TOKEN" else "shh"
    require_slack(from_environment({"SLACK_BOT_TOKEN": "xoxb-1", other: value}).slack)
