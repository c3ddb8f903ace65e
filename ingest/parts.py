"""Several documents kept as the one content of a snapshot: pages that make one text together.

What the parts say, and how they are joined, is left to the readers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import ReadError

MEDIA_TYPE = "application/vnd.smallprint.parts+json"


@dataclass(frozen=True, slots=True)
class Part:
    """One document of several: where it came from, what it is, and its bytes, untouched."""

    address: str
    media_type: str
    content: bytes


def pack(parts: Sequence[Part]) -> bytes:
    """Put parts together, in their order; the same parts give the same bytes."""
    listed = [
        {
            "address": each.address,
            "media_type": each.media_type,
            "content": base64.b64encode(each.content).decode("ascii"),
        }
        for each in parts
    ]
    return json.dumps(listed, indent=0).encode()


def unpack(content: bytes) -> list[Part]:
    """Take apart what :func:`pack` put together.

    Raises:
        ReadError: it was not put together so.
    """
    try:
        return [
            Part(each["address"], each["media_type"], base64.b64decode(each["content"]))
            for each in json.loads(content)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError("The pages of this snapshot cannot be taken apart.") from error
