"""The closed lists of ``corpus/vocabulary.yml``: topics in two wordings, what facts may say, what
lies elsewhere, and what no document answers.

A topic is what a question is about and a clause speaks to, in the words of each. ``elsewhere``
names products that people ask about and that no source of this corpus covers. ``unfit`` are kinds
of questions that are declined, ``papers`` kinds of documents that a vendor may not have here. The
lists for facts are checked by ``ingest.fields``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from ingest.corpus_file import Entry, Slug, Text, comparable, read_entry
from ingest.domain import Kind
from ingest.errors import CorpusError
from ingest.facts import FactLine
from ingest.fields import Fields, FieldsEntry, Phrases, loaded, phrase
from ingest.parsed import ParsedFiles

_FILE = "vocabulary.yml"
GAP = "…"
"""In a phrase of ``unfit`` and ``papers``: up to six words of any kind."""
NAMED = "<x>"
"""In such a phrase: something that the question names and that is declared."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``asked`` is what people type, ``written`` what texts say, both lower case.

    ``decisive`` topics are shown when somebody looks a licence up.
    """

    id: str
    label: str
    asked: tuple[str, ...]
    written: tuple[str, ...]
    decisive: bool

    @property
    def line(self) -> FactLine:
        """What of it is embedded, for questions of which no word is known."""
        return FactLine(f"{self.label}: {', '.join(self.written)}")


@dataclass(frozen=True, slots=True)
class Unfit:
    """A kind of question that no document answers, and the sentence ``says`` that is told.

    A question with a phrase of ``asked`` is of the kind, unless it has one of ``unless`` or
    names a source of a kind in ``documents``. ``named``
    is False where it is of the kind only if it names nobody. ``cues`` make the kind likely.
    """

    id: str
    says: str
    asked: tuple[str, ...]
    unless: tuple[str, ...] = ()
    documents: tuple[Kind, ...] = ()
    named: bool = True
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of document: how people ask for it, and words out of the titles of such sources."""

    id: str
    label: str
    asked: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """Kinds of documents. ``about`` are phrases of questions on what is to be done with one.

    ``notes`` are what questions say that release notes and articles can answer.
    """

    kinds: tuple[Paper, ...] = ()
    about: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Topics by id, in the order of the file; what facts may say; products that are not covered,
    with their names; kinds of questions that are declined, the first that fits is told; documents.
    """

    topics: Mapping[str, Topic]
    facts: Fields
    elsewhere: Mapping[str, tuple[str, ...]]
    unfit: tuple[Unfit, ...] = ()
    papers: Papers = Papers()


class _Topic(Entry):
    id: Slug
    label: Text
    asked: Phrases
    written: Phrases
    decisive: bool


def _gapped(value: str) -> str:
    """Check a phrase with gaps; raises ValueError."""
    words = value.split()
    if GAP in (words[0], words[-1]) or words == [NAMED]:
        raise ValueError(f"words of which the first and the last are not {GAP!r}")
    return value


_Gapped = tuple[Annotated[Text, AfterValidator(phrase), AfterValidator(_gapped)], ...]


class _Unfit(Entry):
    id: Slug
    says: Text
    asked: _Gapped
    unless: _Gapped
    documents: tuple[Kind, ...]
    named: bool
    cues: _Gapped


class _Paper(Entry):
    id: Slug
    label: Text
    asked: _Gapped
    titles: Phrases


class _Papers(Entry):
    about: _Gapped
    kinds: tuple[_Paper, ...]
    notes: _Gapped


class _Vocabulary(FieldsEntry):
    topics: tuple[_Topic, ...]
    elsewhere: dict[Text, tuple[Text, ...]]
    unfit: tuple[_Unfit, ...]
    papers: _Papers


def load_vocabulary(corpus: Path, parsed: ParsedFiles | None = None) -> Vocabulary:
    """Load ``vocabulary.yml``.

    Raises:
        CorpusError: something is wrong; the sentence names file, key and what is allowed.
    """
    entry = read_entry(corpus, corpus / _FILE, _Vocabulary, parsed)
    _check_topics(entry.topics)
    _check_elsewhere(entry.elsewhere)
    topics = {
        each.id: Topic(each.id, each.label, each.asked, each.written, each.decisive)
        for each in entry.topics
    }
    facts = loaded(f"corpus/{_FILE}", entry, topics)
    _check_unfit(entry.unfit)
    _check_papers(entry.papers.kinds)
    papers = Papers(
        tuple(Paper(each.id, each.label, each.asked, each.titles) for each in entry.papers.kinds),
        entry.papers.about,
        entry.papers.notes,
    )
    unfit = tuple(Unfit(**dict(each)) for each in entry.unfit)
    return Vocabulary(topics, facts, entry.elsewhere, unfit, papers)


def _check_topics(topics: Iterable[_Topic]) -> None:
    seen: set[str] = set()
    for place, topic in enumerate(topics):
        at = f"corpus/{_FILE}: topics[{place}]"
        if topic.id in seen:
            raise CorpusError(f"{at}.id is {topic.id!r} a second time; allowed: an id of its own")
        seen.add(topic.id)
        for key, phrases in (("asked", topic.asked), ("written", topic.written)):
            _check_phrases(f"{at}.{key}", phrases)


def _check_unfit(kinds: Iterable[_Unfit]) -> None:
    seen: set[str] = set()
    for place, each in enumerate(kinds):
        at = f"corpus/{_FILE}: unfit[{place}]"
        if each.id in seen:
            raise CorpusError(f"{at}.id is {each.id!r} a second time; allowed: an id of its own")
        seen.add(each.id)
        _check_phrases(f"{at}.asked", each.asked)


def _check_papers(kinds: Iterable[_Paper]) -> None:
    seen: set[str] = set()
    for place, each in enumerate(kinds):
        at = f"corpus/{_FILE}: papers.kinds[{place}]"
        if each.id in seen:
            raise CorpusError(f"{at}.id is {each.id!r} a second time; allowed: an id of its own")
        seen.add(each.id)
        _check_phrases(f"{at}.asked", each.asked)
        _check_phrases(f"{at}.titles", each.titles)


def _check_phrases(at: str, phrases: tuple[str, ...]) -> None:
    if not phrases or len(set(phrases)) < len(phrases):
        raise CorpusError(f"{at}: allowed: at least one phrase, each of them once")


def _check_elsewhere(elsewhere: Mapping[str, tuple[str, ...]]) -> None:
    owners: dict[str, str] = {}
    for product, names in elsewhere.items():
        at = f"corpus/{_FILE}: elsewhere.{product}"
        if not names:
            raise CorpusError(f"{at} is empty; allowed: at least one name that people type")
        for name in names:
            other = owners.setdefault(comparable(name), product)
            if other != product:
                raise CorpusError(f"{at} has {name!r}, which {other} has; allowed: one product")
