"""Making words and addresses that we did not write harmless where Slack reads markup."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.blocks.limits import ADDRESS

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def escape(text: str) -> str:
    """``text`` for a place where Slack reads markup: nothing in it pings, links or opens a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def printable(text: str) -> str:
    """``text`` without control characters other than tab and line end."""
    return _CONTROLS.sub("", text)


def link_address(url: str) -> str | None:
    """``url`` as it may stand in a link, None where it is not a web address we would open.

    Only ``https`` with a host; a vertical bar would end the address, so it is percent-encoded.
    """
    address = url.replace("|", "%7C")
    if len(address) > ADDRESS or re.search(r"[\s<>\"\x00-\x1f\x7f]", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme == "https" and parts.hostname else None
