"""From a web page to the text of its document."""

from __future__ import annotations

import html as escaping
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Cause
from ingest.elements import parse
from ingest.errors import NotTheDocumentError, ReadError
from ingest.hypertext import check_selector, text_of
from ingest.normalise import normalise

BASE = "https://acme.example/legal/terms"


def read(html: str, **options: list[str]) -> str:
    return normalise(text_of(html, BASE, **options))


class TestStructure:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<h1>Terms <b>of</b>\n Use</h1><p>You may.</p>", "# Terms of Use\n\nYou may."),
            ("<h3><button>1. Use</button></h3>You may.", "### 1. Use\n\nYou may."),
            ("<p>One.<p>Two.\n   Still two.", "One.\n\nTwo. Still two."),
            ("<div>One.</div><div>Two.</div>", "One.\n\nTwo."),
            ("One.<br>  Two.<br/><br>Three.", "One.\nTwo.\n\nThree."),
            ("<b>1. Use</b><strong> of Acme</strong><p>You may.", "**1. Use of Acme**\n\nYou may."),
            ("<b>A</b>cme, <b>“You”</b> and <i>us</i>", "Acme, **“You”** and us"),
            ("more than 10<sup>26</sup> operations", "more than 10^26 operations"),
            ("on the 5<sup>th</sup> day", "on the 5th day"),
            ("<del>30</del> 60 days", "~~30~~ 60 days"),
            ("<pre>  1. Use\n     You  may.</pre>", "  1. Use\n     You  may."),
            ("<details><summary>More</summary>Words.</details>", "More\n\nWords."),
            ("* and _ and # and [1] and &lt;b&gt;", "* and _ and # and [1] and <b>"),
            ("you&shy;rs&nbsp;truly &#8220;x&#8221; &#146;", "yours truly “x” ’"),
            ("<dl><dt>Affiliate<dd>Who owns.<dt>You<dd>The user.</dl>",
             "**Affiliate**\n\nWho owns.\n\n**You**\n\nThe user."),
        ],
    )  # fmt: skip
    def test_what_readers_see_is_what_is_kept(self, html: str, text: str) -> None:
        assert read(html) == text

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
            ("<ol><li>One<li>Two</ol>", "1. One\n2. Two"),
            ("<ol start=4><li>Four<li value=9>Nine<li>Ten</ol>", "4. Four\n9. Nine\n10. Ten"),
            ("<ol type=a><li>One<li>Two</ol>", "a. One\nb. Two"),
            ("<ol type=I><li>One<li>Two<li>Three<li>Four</ol>",
             "I. One\nII. Two\nIII. Three\nIV. Four"),
            ("<ol style='list-style-type: lower-roman'><li>One</ol>", "i. One"),
            ("<ol><li>One<ol type=a><li>Inner</ol><li>Two</ol>", "1. One\n   a. Inner\n2. Two"),
            ("<ol><li><p>One</p><p>More</p></ol>", "1. One\n\n   More"),
            ("<ol><li>1.1 One<li>1.2 Two</ol>", "1.1 One\n1.2 Two"),
            ("<ol><li>1.5 million users</ol>", "1. 1.5 million users"),
            ("<ul><li>(a) One<li>b) Two</ul>", "(a) One\nb) Two"),
            ("<ul><li>A user</ul>", "- A user"),
            ("<ol start=99999999999 type=i><li value=x>One</ol>", "i. One"),
            ("<ol start=200 type=i><li>One</ol>", "200. One"),
        ],
    )  # fmt: skip
    def test_items_have_the_mark_that_readers_see(self, html: str, text: str) -> None:
        assert read(html) == text

    def test_a_table_is_rows(self) -> None:
        html = """<table><caption>Fees</caption>
        <tr><th>Plan</th><th>Fee</th></tr>
        <tr><td>Free</td><td><p>0 euro</p><ul><li>per<li>month</ul></td></tr>
        <tr><td>Paid<td>9 euro</table>"""
        assert read(html) == (
            "Fees\n\n| Plan | Fee |\n| --- | --- |\n| Free | 0 euro - per - month |\n"
            "| Paid | 9 euro |"
        )

    @pytest.mark.parametrize(
        "html",
        [
            "<table><tr><td><h2>1. Use</h2><p>You may.</p></table>",
            "<table role=presentation><tr><td><h2>1. Use</h2><td>You may.<tr><td><td></table>",
            "<table><tr><td><table><tr><td><h2>1. Use</h2><tr><td>You may.</table></table>",
            "<table><tr><td><img src=x><td><h2>1. Use</h2><td>You may.</table>",
        ],
    )
    def test_a_table_that_only_places_things_is_none(self, html: str) -> None:
        assert read(html) == "## 1. Use\n\nYou may."


class TestLinks:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<a href='/privacy?v=2#c'>policy</a>",
             "[policy](https://acme.example/privacy?v=2#c)"),
            ("see <a href='aup'> the policy</a> .",
             "see [the policy](https://acme.example/legal/aup) ."),
            ("<b> Fees </b> <i> apply</i>", "**Fees** apply"),
            ("<a href='https://b.example/a (1)'>b</a>", "[b](https://b.example/a%20%281%29)"),
            ("<a href='mailto:a@acme.example'>Write</a>", "[Write](mailto:a@acme.example)"),
            ("<a href='mailto:a@acme.example'>a@acme.example</a>", "a@acme.example"),
            ("<a href='https://acme.example/x'>https://acme.example/x</a>",
             "https://acme.example/x"),
            ("<a href='#use'>1. Use</a>", "1. Use"),
            ("<a href='https://acme.example/legal/terms#use'>1. Use</a>", "1. Use"),
            ("<a href='javascript:open()'>open</a>", "open"),
            ("<a href='data:text/html,x'>open</a>", "open"),
            ("<a href='http://['>open</a>", "open"),
            ("<a name=use>1. Use</a>", "1. Use"),
            ("<a href=/x title='Hover'><img alt=logo src=x></a>words", "words"),
            ("<a href=/x><h2>Title</h2></a>", "## Title"),
        ],
    )  # fmt: skip
    def test_a_link_keeps_its_target(self, html: str, text: str) -> None:
        assert read(html) == text

    def test_a_page_may_say_where_its_links_begin(self) -> None:
        html = "<base href='https://b.example/dir/'><a href=x>x y</a>"
        assert read(html) == "[x y](https://b.example/dir/x)"


PAGE = """<!doctype html><html><head><title>Acme</title><style>p {}</style>
<script>var terms = "<p>none</p>";</script></head><body>
<header>Acme Ltd</header><nav>Home</nav><div role=dialog>We use cookies</div>
<main><header><h1>Terms</h1><p>Last updated: March 4, 2026</p></header>
<nav>Contents</nav>
<p>You may use Acme as long as you follow these terms.</p>
<p hidden>Old words</p><p style="color:red; Display : none">More old words</p>
<p hidden="until-found">Found words.</p>
<form><label>Mail<input name=mail></label><button>Subscribe</button></form>
<button>Print</button><button aria-expanded=false>2. Fees</button>
<template>Later</template><noscript>No script</noscript><svg><title>icon</title></svg>
<footer>Signed by Acme.</footer></main>
<aside>Related</aside><footer>Imprint</footer></body></html>"""
DOCUMENT = """# Terms

Last updated: March 4, 2026

You may use Acme as long as you follow these terms.

Found words.

2. Fees

Signed by Acme."""


class TestTheMainPart:
    def test_is_what_is_left_without_what_stands_around_it(self) -> None:
        assert read(PAGE) == DOCUMENT

    def test_may_be_an_article(self) -> None:
        page = PAGE.replace("<main>", "<article>").replace("</main>", "</article>")
        assert read(page) == DOCUMENT

    def test_may_be_the_whole_body(self) -> None:
        page = PAGE.replace("<main>", "<section>").replace("</main>", "</section>")
        assert read(page) == f"{DOCUMENT}\n\nRelated"

    def test_is_not_a_main_part_that_holds_little(self) -> None:
        words = "<p>You may use Acme as you like.</p>" * 5
        assert read(f"<main>Acme</main>{words}").count("as you like") == 5

    def test_is_not_one_of_many_articles(self) -> None:
        assert read("<article>One</article><article>Two</article>") == "One\n\nTwo"

    def test_may_stand_in_a_form_that_holds_the_whole_page(self) -> None:
        assert read(f"<form><input>{'<p>You may use Acme.</p>' * 3}</form>").startswith("You may")

    @pytest.mark.parametrize(
        "html", ["<title>T</title><p>Words.", "<head><meta name=x><p>Words.", "Words."]
    )
    def test_needs_no_frame(self, html: str) -> None:
        assert read(html) == "Words."


class TestSelectors:
    def test_select_the_document_in_the_order_of_the_page(self) -> None:
        html = "<p class=b>Two</p><div id=a>One <p class=b>inside</p></div><p>Three</p>"
        assert read(html, select=["#a", ".b"]) == "Two\n\nOne\n\ninside"

    def test_take_also_what_opens_only_at_a_click(self) -> None:
        html = "<nav>Menu</nav><div class=t><h2>1. Use</h2><p hidden>You may.</p></div>"
        assert read(html, select=[".t"]) == "## 1. Use\n\nYou may."

    def test_remove_what_does_not_belong_to_it(self) -> None:
        html = "<main><p>Words.</p><p class=ad>Buy!<b class=ad>now</b></p></main>"
        assert read(html, select=["main"], remove=[".ad", "#gone"]) == "Words."

    @pytest.mark.parametrize("removed", [[], ["main"]])
    def test_that_find_nothing_are_an_error(self, removed: list[str]) -> None:
        html = "<main>Words</main>" if removed else "<p>Error 404</p>"
        with pytest.raises(ReadError, match=rf"'main' finds nothing on {BASE}"):
            read(html, select=["main"], remove=removed)

    def test_must_all_find_something(self) -> None:
        with pytest.raises(ReadError, match="'#two'"):
            read("<p id=one>Words", select=["#one", "#two"])

    @pytest.mark.parametrize("selector", ["main", "#a > p:nth-child(2)", "[data-x='1'] ~ div, ul"])
    def test_that_can_be_used_are_accepted(self, selector: str) -> None:
        assert check_selector(selector) == ""

    @pytest.mark.parametrize("selector", ["", "p[", "..a", ":nope(x)", "a >"])
    def test_that_cannot_be_used_are_named(self, selector: str) -> None:
        assert check_selector(selector) != ""


class TestWhatIsNoDocument:
    @pytest.mark.parametrize(
        ("html", "cause"),
        [
            ("<div id=root></div><script src=app.js></script>", Cause.EMPTY_SHELL),
            ("<noscript>Turn on JavaScript</noscript><script>x</script>", Cause.EMPTY_SHELL),
            ("<meta http-equiv=Refresh content='0; URL=/new'>", Cause.REDIRECT_STUB),
            ("<html><body><img src=x></body></html>", Cause.UNREADABLE),
            ("", Cause.UNREADABLE),
        ],
    )
    def test_a_page_without_words_is_named_by_what_it_is(self, html: str, cause: Cause) -> None:
        with pytest.raises(ReadError) as caught:
            read(html)
        assert caught.value.cause is cause
        assert isinstance(caught.value, NotTheDocumentError) is (cause is not Cause.UNREADABLE)

    @pytest.mark.parametrize("damage", ["\ufffd", "&#0;", "&#xd800;"])
    def test_damaged_words_are_refused(self, damage: str) -> None:
        with pytest.raises(ReadError, match="damaged"):
            read(f"<p>You may {damage} use Acme.")
        assert read(f"<script>{damage}</script><p>Words.") == "Words."


HOSTILE = {
    "deep": "<div>" * 10_000 + "words" + "</div>" * 10_000 + "after",
    "deep inline": "<b><i><a href=x>" * 10_000 + "words" + "<p>after",
    "deep lists": "<ul><li>" * 10_000 + "words" + "</ul>" * 10_000 + "after",
    "deep tables": "<table><tr><td>" * 3_000 + "words" + "</table>" * 3_000 + "after",
    "deep quotes": "<blockquote>" * 10_000 + "words<h1>after",
    "attributes": f"<div {'a=1 ' * 20_000}>words</div>after",
    "names": "".join(f"<x{n} y{n}=z>" for n in range(5_000)) + "words<p>after",
    "words of the library": "<soup>words</soup><fn_cache><hN><h99999><convert>after",
    "spaces": f"words{' ' * 300_000}after",
    "spaces in lines": f"<pre>words{' ' * 300_000}after</pre>",
    "sections": "<![CDATA[<![if x]><!x><?php words ?>words<![endif]>after",
    "unknown sections": "<![foo[ words <!y words ]]>words after",
    "columns": "<table><tr><td colspan=99999999>words<td>after</table>",
    "items": "<ol>" + "<li>a" * 5_000 + "</ol>words after",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_hurt_is_read(name: str) -> None:
    text = text_of(HOSTILE[name], BASE)
    assert "words" in text
    assert "after" in text
    assert len(text) < 400_000


@pytest.mark.parametrize("html", ["<!--" * 200_000, "<a " * 100_000, '<a b="' * 100_000, "</" * 99])
def test_a_page_that_takes_too_long_is_left(html: str) -> None:
    with suppress(ReadError):
        parse(html, seconds=0.2)


@pytest.mark.parametrize("html", ["x" * 5_000_001, "<br>" * 150_001])
def test_a_page_too_large_for_a_document_is_refused(html: str) -> None:
    with pytest.raises(ReadError, match="more than"):
        text_of(html, BASE)


NAMES = (
    "a b p div ul ol li dl dt dd table tr td th tbody thead caption pre br hr sup h1 h2 form main "
    "article header nav section button select script style head body html title span x-y soup "
    "blockquote details summary meta base template"
)
ATTRIBUTES = ["href", "start", "type", "hidden", "style", "role"]
TAGS = st.sampled_from(NAMES.split())
PIECE = st.one_of(
    st.builds("<{}>".format, TAGS),
    st.builds("</{}>".format, TAGS),
    st.builds("<{} {}={}>".format, TAGS, st.sampled_from(ATTRIBUTES), st.text(max_size=8)),
    st.text(max_size=12),
    st.sampled_from(["<!--", "-->", "<![", "]]>", "<?", "&#", "&amp", "<!doctype", "<", "\"", "'"]),
)  # fmt: skip


@given(st.lists(PIECE, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_is_sent_is_read_or_refused(html: str) -> None:
    with suppress(ReadError):
        assert text_of(html, BASE).strip()


WORDS = st.lists(st.text("abcdefghijÄß0123", min_size=1, max_size=6), min_size=1, max_size=4).map(
    " ".join
)
BLOCKS = st.recursive(
    st.builds("<p>{}</p>".format, WORDS),
    lambda inner: st.one_of(
        st.builds("<h{}>{}</h2>".format, st.integers(1, 6), WORDS),
        st.builds("<div>{}</div>".format, st.lists(inner, max_size=3).map("".join)),
        st.builds("<ul><li>{}</li><li>{}</ul>".format, inner, WORDS),
        st.builds("<ol type=a><li>{}<li>{}</ol>".format, WORDS, inner),
        st.builds("<table><tr><th>{}<th>{}<tr><td>{}<td>{}</table>".format, *[WORDS] * 4),
        st.builds("<dl><dt>{}<dd>{}</dl>".format, WORDS, inner),
        st.builds("<p>{} <b>{}</b> <a href=/x>{}</a><br>{}".format, *[WORDS] * 4),
        st.builds("<pre>{}</pre>".format, WORDS),
    ),
    max_leaves=8,
)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-jÄß0-3]+", text)


@given(st.lists(BLOCKS, min_size=1, max_size=4).map("".join))
@settings(max_examples=200, deadline=None)
def test_no_visible_word_is_lost_and_all_keep_their_order(html: str) -> None:
    html += "<p>a b</p>"
    text = re.sub(r"\]\(https://[^)]*\)", "]", read(html))
    marks = re.compile(r"^ *(?:[a-z]\.|-|#{1,6}) |^\||\|$|\*\*", re.MULTILINE)
    text = re.sub(r"\| --- \| --- \|", "", text)
    while marks.search(text):
        text = marks.sub("", text)
    assert words_of(text) == words_of(escaping.unescape(re.sub(r"<[^>]*>", " ", html)))
