"""What a chat model is shown and what is read out of its reply; who it is does not matter here.

Question and passages go out as one JSON object, so that no words of theirs can end the data early.
A reply is read leniently around the agreed object and strictly within it; it is checked elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.citing import Library
from bot.domain import Claim, Draft, Quote, Verdict
from ingest.domain import Passage


def shown(question: str, passages: Sequence[Passage], library: Library) -> str:
    """The question and the numbered passages, as the prompt announces them."""
    found = [library.retrieved(each) for each in passages]
    numbered = [
        {
            "passage": number,
            "document": library.title(each.source),
            "clause": each.clause,
            "text": each.text,
        }
        for number, each in enumerate(found, 1)
    ]
    return json.dumps({"question": question, "passages": numbered}, ensure_ascii=False)


def parsed(reply: str) -> Draft:
    """Read the JSON object in a reply, fenced or not; a claim of another shape is left out.

    Raises:
        ValueError: there is no complete JSON object of the agreed shape.
    """
    found, _ = json.JSONDecoder().raw_decode(reply[max(reply.find("{"), 0) :])
    claims = found.get("claims") if isinstance(found, dict) else None
    if not isinstance(claims, list):
        raise ValueError("the reply has no list of claims")
    verdict = found.get("verdict")
    return Draft(
        claims=tuple(claim for each in claims if (claim := _claim(each)) is not None),
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
        declined=found.get("settled") is False,
    )


def _claim(found: object) -> Claim | None:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return None
    quotes = found.get("quotes")
    return Claim(
        " ".join(found["text"].split()),
        tuple(
            Quote(each["passage"], each["quote"])
            for each in (quotes if isinstance(quotes, list) else ())
            if isinstance(each, dict)
            and isinstance(each.get("passage"), int)
            and isinstance(each.get("quote"), str)
        ),
    )
