"""What Slack refuses in a message, from its documentation, and what we refuse on top.

slack_sdk's own models accept an empty text and 51 blocks and never look at plain dicts, so this
looks at the message as it travels. On top of Slack's rules a message of ours may not be without a
text, and may not ping a channel, a group or a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

BLOCKS = 50
MESSAGE = 13_000  # not documented; refused with msg_blocks_too_long from about here on
FALLBACK = 40_000
SECTION, FIELDS, FIELD = 3000, 10, 2000
HEADER = 150
CONTEXT = 10
ACTIONS = 25
CONTEXT_ACTIONS = 5
MARKDOWN = 12_000
BUTTON_TEXT, BUTTON_VALUE = 75, 2000
OPTIONS, OPTION_TEXT, OPTION_VALUE, PLACEHOLDER = 100, 75, 150, 150
LABEL, INPUT = 2000, 3000
VIEW_BLOCKS, VIEW_TITLE, METADATA = 100, 24, 3000
VIEW = 250_000
URL = 3000
ALT_TEXT = 2000
ID = 255
ROWS, CELLS = 100, 20

_REFERENCE = re.compile(r"<[!@#]")
_LINK = re.compile(r"<(https?://[^<>|\s]+)(\|[^<>|]*)?>")
_LOOSE = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")

_BLOCK_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "context": {"elements"},
    "divider": set[str](),
    "image": {"image_url", "alt_text", "title", "slack_file"},
    "actions": {"elements"},
    "context_actions": {"elements"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "table": {"rows", "column_settings"},
    "input": {"label", "element", "optional", "hint", "dispatch_action"},
}
_ONLY_IN_MESSAGES = {"table", "context_actions", "markdown"}
_ONLY_IN_VIEWS = {"input"}
_RICH_PARTS = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}
_RICH_ELEMENTS = {
    "text": {"text", "style"},
    "link": {"url", "text", "style", "unsafe"},
    "emoji": {"name", "unicode", "skin_tone", "style"},
    "channel": {"channel_id", "style"},
    "date": {"timestamp", "format", "url", "fallback", "style"},
    "color": {"value"},
}
_PINGS = {"user", "usergroup", "broadcast", "team"}


def problems(message: Json) -> list[str]:
    """Everything that is wrong with a message; empty when Slack would take it."""
    return list(_message(message))


def view_problems(view: Json) -> list[str]:
    """Everything that is wrong with a modal; empty when Slack would open it."""
    return list(_view(view))


def _view(view: Json) -> Iterator[str]:
    known = {"type", "callback_id", "private_metadata", "title", "submit", "close", "blocks"}
    yield from _keys("view", view, known)
    if view.get("type") != "modal":
        yield f"view.type: {view.get('type')!r}"
    for part in ("title", "submit", "close"):
        if part in view or part == "title":
            yield from _text_object(f"view.{part}", view.get(part), VIEW_TITLE)
    yield from _length("view.private_metadata", view.get("private_metadata", ""), METADATA)
    yield from _length("view.callback_id", view.get("callback_id", ""), ID)
    blocks = view.get("blocks")
    yield from _count("view.blocks", blocks, 1, VIEW_BLOCKS)
    if len(json.dumps(view, ensure_ascii=False)) > VIEW:
        yield "view: too large"
    kinds = [each.get("type") for each in blocks or []]
    if "input" in kinds and "submit" not in view:
        yield "view.submit: a form with inputs needs one"
    yield from _unique_ids(blocks or [])
    for number, block in enumerate(blocks or []):
        if block.get("type") in _ONLY_IN_MESSAGES:
            yield f"view.blocks[{number}]: {block['type']} does not exist in a modal"
        yield from _block(f"view.blocks[{number}]", block)


def _unique_ids(blocks: list[Json]) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "blocks: block_id used twice"
    for block in blocks:
        actions = [
            each.get("action_id") for each in block.get("elements") or [] if "action_id" in each
        ]
        if len(actions) != len(set(actions)):
            yield "blocks: action_id used twice in one block"


def _message(message: Json) -> Iterator[str]:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "text: a message needs a text for notifications"
    else:
        yield from _length("text", text, FALLBACK)
        yield from _markup("text", text)
    blocks = message.get("blocks") or []
    if not isinstance(blocks, list):
        yield "blocks: must be a list"
        return
    if len(blocks) > BLOCKS:
        yield f"blocks: {len(blocks)} of at most {BLOCKS}"
    size = len(json.dumps(blocks, ensure_ascii=False))
    if size > MESSAGE:
        yield f"blocks: {size} characters of about {MESSAGE} (msg_blocks_too_long)"
    yield from _unique_ids(blocks)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks: more than one table (only_one_table_allowed)"
    for number, block in enumerate(blocks):
        if block.get("type") in _ONLY_IN_VIEWS:
            yield f"blocks[{number}]: {block['type']} does not exist in a message"
        yield from _block(f"blocks[{number}]", block)


def _block(at: str, block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _BLOCK_KEYS:
        yield f"{at}: unknown type {kind!r}"
        return
    yield from _keys(at, block, _BLOCK_KEYS[kind] | {"type", "block_id"})
    yield from _length(f"{at}.block_id", block.get("block_id", ""), ID)
    yield from _BLOCK_RULES.get(kind, _nothing)(at, block)


def _nothing(_at: str, _block: Json) -> Iterator[str]:
    return iter(())


def _section(at: str, block: Json) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield f"{at}: a section needs text or fields"
    if "text" in block:
        yield from _text_object(f"{at}.text", block["text"], SECTION)
    yield from _count(f"{at}.fields", block.get("fields", []), 0, FIELDS)
    for field in block.get("fields", []):
        yield from _text_object(f"{at}.fields", field, FIELD)
    if "accessory" in block:
        yield from _interactive(f"{at}.accessory", block["accessory"])


def _header(at: str, block: Json) -> Iterator[str]:
    text = block.get("text")
    if not isinstance(text, Mapping) or text.get("type") != "plain_text":
        yield f"{at}: a header needs a plain_text"
    yield from _text_object(f"{at}.text", text, HEADER)


def _context(at: str, block: Json) -> Iterator[str]:
    yield from _count(f"{at}.elements", block.get("elements"), 1, CONTEXT)
    for element in block.get("elements") or []:
        if element.get("type") == "image":
            yield from _image(at, element)
        else:
            yield from _text_object(f"{at}.elements", element, SECTION)


def _image(at: str, block: Json) -> Iterator[str]:
    yield from _url(f"{at}.image_url", block.get("image_url"))
    yield from _words(f"{at}.alt_text", block.get("alt_text"), ALT_TEXT)


def _actions(at: str, block: Json) -> Iterator[str]:
    most = ACTIONS if block["type"] == "actions" else CONTEXT_ACTIONS
    yield from _count(f"{at}.elements", block.get("elements"), 1, most)
    for element in block.get("elements") or []:
        yield from _interactive(f"{at}.elements", element)


def _interactive(at: str, element: Json) -> Iterator[str]:
    if element.get("type") == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            yield from _button_words(f"{at}.{side}", element.get(side) or {})
    elif element.get("type") == "button":
        keys = {"type", "text", "action_id", "url", "value", "style", "confirm"}
        yield from _keys(at, element, keys | {"accessibility_label"})
        yield from _button_words(at, element)
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"{at}.style: {element['style']!r}"
        if "url" in element:
            yield from _url(f"{at}.url", element["url"])
    elif element.get("type") in {"static_select", "multi_static_select"}:
        yield from _menu(at, element)
    else:
        yield f"{at}: unknown element {element.get('type')!r}"
    yield from _length(f"{at}.action_id", element.get("action_id", ""), ID)


def _menu(at: str, element: Json) -> Iterator[str]:
    keys = {"type", "action_id", "placeholder", "options", "initial_option", "initial_options"}
    yield from _keys(at, element, keys)
    yield from _text_object(f"{at}.placeholder", element.get("placeholder"), PLACEHOLDER)
    yield from _count(f"{at}.options", element.get("options"), 1, OPTIONS)
    for option in element.get("options") or []:
        yield from _text_object(f"{at}.options", option.get("text"), OPTION_TEXT)
        yield from _words(f"{at}.options.value", option.get("value"), OPTION_VALUE)


def _input(at: str, block: Json) -> Iterator[str]:
    yield from _text_object(f"{at}.label", block.get("label"), LABEL)
    if "hint" in block:
        yield from _text_object(f"{at}.hint", block["hint"], LABEL)
    element = block.get("element") or {}
    kind = element.get("type")
    if kind == "plain_text_input":
        yield from _keys(
            at, element, {"type", "action_id", "multiline", "max_length", "initial_value"}
        )
        if not 1 <= element.get("max_length", 1) <= INPUT:
            yield f"{at}.max_length: {element['max_length']} of at most {INPUT}"
    elif kind == "number_input":
        keys = {"type", "action_id", "is_decimal_allowed", "min_value", "max_value"}
        yield from _keys(at, element, keys)
        if not isinstance(element.get("is_decimal_allowed"), bool):
            yield f"{at}.is_decimal_allowed: must be said"
    elif kind in {"static_select", "multi_static_select"}:
        yield from _menu(at, element)
    else:
        yield f"{at}: unknown input {kind!r}"


def _button_words(at: str, button: Json) -> Iterator[str]:
    text = button.get("text")
    if not isinstance(text, Mapping) or text.get("type") != "plain_text":
        yield f"{at}.text: must be a plain_text"
    yield from _text_object(f"{at}.text", text, BUTTON_TEXT)
    yield from _length(f"{at}.value", button.get("value", ""), BUTTON_VALUE)


def _markdown(at: str, block: Json) -> Iterator[str]:
    yield from _words(f"{at}.text", block.get("text"), MARKDOWN)


def _table(at: str, block: Json) -> Iterator[str]:
    yield from _count(f"{at}.rows", block.get("rows"), 1, ROWS)
    rows = block.get("rows") or []
    for row in rows:
        yield from _count(f"{at}.rows", row, 1, CELLS)
        for cell in row:
            yield from _cell(f"{at}.rows", cell)
    if len({len(row) for row in rows}) > 1:
        yield f"{at}.rows: not all of one length"
    settings = block.get("column_settings", [])
    yield from _count(f"{at}.column_settings", settings, 0, CELLS)
    for each in settings:
        yield from _keys(f"{at}.column_settings", each, {"align", "is_wrapped"})


def _cell(at: str, cell: Json) -> Iterator[str]:
    if cell.get("type") == "raw_text":
        yield from _keys(at, cell, {"type", "text"})
        yield from _words(at, cell.get("text"), FALLBACK)
    elif cell.get("type") == "rich_text":
        yield from _rich_text(at, cell)
    else:
        yield f"{at}: unknown cell {cell.get('type')!r}"


def _rich_text(at: str, block: Json) -> Iterator[str]:
    yield from _count(f"{at}.elements", block.get("elements"), 1, None)
    for part in block.get("elements") or []:
        yield from _rich_part(f"{at}.elements", part)


def _rich_part(at: str, part: Json) -> Iterator[str]:
    kind = part.get("type")
    if kind not in _RICH_PARTS:
        yield f"{at}: unknown part {kind!r}"
        return
    yield from _count(f"{at}.{kind}", part.get("elements"), 1, None)
    for element in part.get("elements") or []:
        if kind == "rich_text_list":
            yield from _rich_part(at, element)
        else:
            yield from _rich_element(f"{at}.{kind}", element)


def _rich_element(at: str, element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind in _PINGS:
        yield f"{at}: a {kind} element pings"
        return
    if kind not in _RICH_ELEMENTS:
        yield f"{at}: unknown element {kind!r}"
        return
    yield from _keys(at, element, _RICH_ELEMENTS[kind] | {"type"})
    if kind == "text" and not element.get("text"):
        yield f"{at}: an empty text"
    if kind == "link":
        yield from _url(f"{at}.url", element.get("url"))


def _text_object(at: str, text: object, most: int) -> Iterator[str]:
    if not isinstance(text, Mapping) or text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{at}: must be a text object"
        return
    yield from _words(at, text.get("text"), most)
    if text["type"] == "mrkdwn":
        yield from _keys(at, text, {"type", "text", "verbatim"})
        yield from _markup(at, str(text.get("text")))
    else:
        yield from _keys(at, text, {"type", "text", "emoji"})


def _markup(at: str, text: str) -> Iterator[str]:
    """Where Slack reads markup only links may stand; everything else has to be escaped."""
    if _REFERENCE.search(text):
        yield f"{at}: pings somebody"
    elif _LOOSE.search(_LINK.sub("", text)):
        yield f"{at}: unescaped characters"


def _words(at: str, text: object, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not text:
        yield f"{at}: must not be empty"
    else:
        yield from _length(at, text, most)


def _length(at: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{at}: {len(text)} of at most {most} characters"


def _count(at: str, items: object, least: int, most: int | None) -> Iterator[str]:
    if not isinstance(items, list) or len(items) < least:
        yield f"{at}: must hold at least {least}"
    elif most is not None and len(items) > most:
        yield f"{at}: {len(items)} of at most {most}"


def _keys(at: str, item: Json, known: set[str]) -> Iterator[str]:
    for key in sorted(set(item) - known):
        yield f"{at}: unknown property {key!r}"


def _url(at: str, url: object) -> Iterator[str]:
    if not isinstance(url, str) or not re.fullmatch(r"https?://[^\s<>|]+", url):
        yield f"{at}: {url!r} is no web address"
    elif len(url) > URL:
        yield f"{at}: {len(url)} of at most {URL} characters"


_BLOCK_RULES: Mapping[str, Callable[[str, Json], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "image": _image,
    "actions": _actions,
    "context_actions": _actions,
    "markdown": _markdown,
    "table": _table,
    "rich_text": _rich_text,
    "input": _input,
}
