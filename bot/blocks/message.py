"""A message as Slack takes it: blocks for those who look, text for notifications and readers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is escaped, says the same as the blocks and is never empty."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def size(self) -> int:
        """Characters of the blocks as they travel; Slack counts structure as well as words."""
        return len(json.dumps(self.blocks, ensure_ascii=False))
