"""Words and addresses that we did not write do nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.escape import escape, link_address, printable
from tests.scenarios.block_validator import problems


@given(st.text(min_size=1).filter(str.strip))
def test_escaped_text_pings_and_links_nothing(text: str) -> None:
    assert problems({"text": escape(text)}) == []


def test_what_slack_reads_as_a_reference_becomes_words() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://acme.example/licence", "https://acme.example/licence"),
        ("https://acme.example/a|b", "https://acme.example/a%7Cb"),
        ("https://acme.example/a#section-2", "https://acme.example/a#section-2"),
        ("http://acme.example/", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[", None),
        ("https://acme.example/ b", None),
        ("https://acme.example/<!channel>", None),
        ("https://acme.example/" + "x" * 3000, None),
        ("pkg:pypi/acme@1#LICENSE", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str | None) -> None:
    assert link_address(url) == address


@given(st.one_of(st.text(), st.text().map("https://a.example/{}".format)))
def test_an_address_never_leaves_its_link(url: str) -> None:
    address = link_address(url)
    if address is not None:
        element = {"type": "link", "url": address}
        part = {"type": "rich_text_section", "elements": [element]}
        assert problems({"text": "x", "blocks": [{"type": "rich_text", "elements": [part]}]}) == []
        assert address.startswith("https://")


@given(st.text())
def test_control_characters_go_and_lines_stay(text: str) -> None:
    shown = printable(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", shown)
    assert [each for each in text if each in "\t\n"] == [each for each in shown if each in "\t\n"]
