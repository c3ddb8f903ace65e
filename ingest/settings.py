"""What can be set from outside, read once from the environment by the entry points.

No other module reads the environment. The table in README.md is checked against this module by
``tests/test_docs.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process. Secrets are kept out of ``repr`` so that no log can show them."""

    home: Path
    database_url: str

    def __repr__(self) -> str:
        return f"Settings(home={str(self.home)!r})"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read settings.

    Args:
        environment: usually ``os.environ``; ``SMALLPRINT_HOME`` (default ``var``) is the folder for
            everything the program writes, ``DATABASE_URL`` (default a SQLite file in that folder)
            an SQLAlchemy address of SQLite or Postgres.

    Raises:
        SettingsError: ``SMALLPRINT_HOME`` names a file, or ``DATABASE_URL`` is of another kind.
    """
    home = Path(environment.get("SMALLPRINT_HOME") or "var").expanduser().resolve()
    if home.exists() and not home.is_dir():
        raise SettingsError(f"SMALLPRINT_HOME is {home}, which is a file; name a folder.")
    url = environment.get("DATABASE_URL") or f"sqlite:///{home / 'smallprint.db'}"
    return Settings(home=home, database_url=_known_database(url))


def _known_database(url: str) -> str:
    """Accept SQLite and Postgres; hosting platforms still write the old ``postgres://`` scheme."""
    scheme, separator, rest = url.partition("://")
    drivers = {
        "sqlite": "sqlite",
        "postgres": "postgresql+psycopg",
        "postgresql": "postgresql+psycopg",
        "postgresql+psycopg": "postgresql+psycopg",
    }
    if not separator or scheme not in drivers:
        raise SettingsError(
            f"DATABASE_URL starts with {scheme!r}; use sqlite:///path or postgresql://…"
        )
    return f"{drivers[scheme]}://{rest}"
