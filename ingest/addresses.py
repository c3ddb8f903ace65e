"""Web addresses as text: which may be asked for at all, and how messages name them.

Looks at nothing but the words of an address. Where a name leads is left to :mod:`ingest.public`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LONGEST = 2_000
_CREDENTIALS = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)
# Every parser of addresses treats these in a way of its own.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": (None, 80), "https": (None, 443)}


def without_credentials(url: str) -> str:
    """The address without ``user:password@``, fit for a log."""
    return _CREDENTIALS.sub(r"\1", url)


def place(url: str) -> str:
    """The address as messages name it: a query can hold a signature, which is a secret as well."""
    return re.split(r"[?#]", without_credentials(url), maxsplit=1)[0]


def site(url: str) -> str:
    """Scheme, host and port of an address: ``https://acme.example``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def host(url: str) -> str:
    """The host of an address, in small letters; empty where it names none."""
    return (urlsplit(url).hostname or "").rstrip(".")


def objection(url: str) -> str:
    """Why a page may not be asked for at this address; empty where nothing speaks against it.

    Returns:
        Words that go on from "the address": ``names no host of the web``.
    """
    if len(url) > _LONGEST:
        return f"is longer than {_LONGEST:,} characters"
    if _AMBIGUOUS.search(url):
        return "holds a space, a backslash or a control character"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is malformed"
    if parts.scheme not in _PORTS:
        return "begins neither with https:// nor with http://"
    if "@" in parts.netloc:
        return "holds a user name or a password"
    if not _is_web_host(host(url)):
        return "names no host of the web"
    return "" if port in _PORTS[parts.scheme] else "names a port of its own"


def _is_web_host(name: str) -> bool:
    """Whether it is a name of two parts or more; a name of one part belongs to somebody's house."""
    labels = name.split(".")
    return len(labels) > 1 and all(
        label.replace("-", "").replace("_", "").isalnum() and not label.startswith("-")
        for label in labels
    )
