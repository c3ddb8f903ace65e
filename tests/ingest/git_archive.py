"""Small git repositories on this machine that stand in for public ones.

An address is led to a repository by git's own ``url.<base>.insteadOf``, set by environment alone;
no configuration of whoever runs the tests counts.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class GitArchive:
    """A repository to which commits are made, an hour apart unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clock = START
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, at: datetime | str = "", given: bytes = b"") -> str:
        """What git says; ``at`` is the date of a commit."""
        dated = at if isinstance(at, str) else f"@{int(at.timestamp())} +0000"
        done = subprocess.run(
            ["git", "-C", str(self.folder), "-c", "protocol.file.allow=always", *arguments],
            env=_ENVIRONMENT | {"GIT_AUTHOR_DATE": dated, "GIT_COMMITTER_DATE": dated},
            input=given,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode(errors="surrogateescape").strip()

    def commit(
        self, files: Mapping[str, str | bytes | None] | None = None, at: datetime | str = ""
    ) -> str:
        """Write files, or remove those that are None, and commit; returns the commit's id."""
        for path, content in (files or {}).items():
            target = self.folder / path
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self._clock += HOUR
        self.git("commit", "--quiet", "--allow-empty", "-m", "change", at=at or self._clock)
        return self.git("rev-parse", "HEAD")

    def bundle(self, into: Path) -> Path:
        """All of it as one file."""
        self.git("bundle", "create", str(into), "HEAD", "main")
        return into


_NOBODY = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "Acme"), ("EMAIL", "acme@acme.example"))
}
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
    **_NOBODY,
}


def configure(environment: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    """The only configuration that git has from now on."""
    for name in [*os.environ]:
        if name.startswith("GIT_"):
            environment.delenv(name)
    environment.setenv("GIT_CONFIG_NOSYSTEM", "1")
    environment.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    environment.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (key, value) in enumerate(settings.items()):
        environment.setenv(f"GIT_CONFIG_KEY_{number}", key)
        environment.setenv(f"GIT_CONFIG_VALUE_{number}", value)


def lead(environment: pytest.MonkeyPatch, address: str, to: Path, **more: str) -> None:
    """From now on ``address`` is the repository, or the bundle, in ``to``."""
    configure(environment, {f"url.{to}.insteadOf": address, **more})
