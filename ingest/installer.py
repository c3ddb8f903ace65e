"""What the user's own pip says: where packages come from, and where one wheel lies.

Owns running pip, which is asked as a program because it has no interface for others. It is never
asked to install or to build anything.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.errors import RefusedError, UnreachableError

_SECONDS = 300  # an index may know no ranges, and pip then loads the whole wheel
_RESOLVE = (
    *("install", "--dry-run", "--no-deps", "--ignore-installed", "--only-binary", ":all:"),
    *("--quiet", "--retries", "1", "--timeout", "15", "--report", "-"),
)
# Where an index states no metadata apart, pip would load the whole wheel to read it.
_BY_RANGE = ("--use-feature", "fast-deps")
_WRONG_USAGE = 2
_SETTING = re.compile(r"""(global|install|:env:)\.([\w-]+)=(['"].*['"])""")


@dataclass(frozen=True, slots=True)
class Located:
    """Address of a distribution file and the sha256 that its index promises, if it does."""

    url: str
    sha256: str | None


def settings() -> Mapping[str, str]:
    """Read what pip is set to for ``pip install``; of several sections the last wins, as in pip.

    Raises:
        RefusedError: pip cannot read its settings.
        UnreachableError: pip did not end in time.
    """
    listed = _pip("config", "list")
    if listed.returncode:
        raise RefusedError("pip cannot read its settings; `python -m pip config list` says why.")
    lines = [match for each in listed.stdout.splitlines() if (match := _SETTING.fullmatch(each))]
    return {
        match[2]: str(ast.literal_eval(match[3]))
        for section in ("global", "install", ":env:")
        for match in lines
        if match[1] == section
    }


def locate_wheel(name: str, version: str) -> Located | None:
    """Ask pip for the wheel that it would install, without installing it.

    Returns:
        None where pip came to nothing. It has one exit status for every cause, so the caller finds
        out which it was by asking the index itself.

    Raises:
        UnreachableError: pip did not end in time.
    """
    requirement = f"{name}=={version}"
    resolved = _pip(*_RESOLVE, *_BY_RANGE, requirement)
    if resolved.returncode == _WRONG_USAGE:  # this pip has dropped the experimental feature
        resolved = _pip(*_RESOLVE, requirement)
    if resolved.returncode:
        return None
    found = json.loads(resolved.stdout)["install"][0]["download_info"]
    hashes = found.get("archive_info", {}).get("hashes", {})
    return Located(found["url"], hashes.get("sha256"))


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-X", "utf8", "-m", "pip")
    quiet = ("--disable-pip-version-check", "--no-input")
    try:
        return subprocess.run(  # noqa: S603 - no shell, and the arguments are ours or a checked pin
            (*command, *quiet, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreachableError(f"pip did not end within {_SECONDS} seconds.") from None
