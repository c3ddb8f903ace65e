"""The closed lists of ``corpus/vocabulary.yml``: topics in two wordings, what facts may say, and
what lies elsewhere.

A topic is what a question is about and a clause speaks to, in the words of each. ``elsewhere``
names products that people ask about and that no source of this corpus covers. The lists for facts
are checked by ``ingest.fields``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.corpus_file import Entry, Slug, Text, comparable, read_entry
from ingest.errors import CorpusError
from ingest.fields import Fields, FieldsEntry, Phrases, loaded
from ingest.parsed import ParsedFiles

_FILE = "vocabulary.yml"


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Topics by id, in the order of the file; what facts may say; products that are not covered,
    with their names.
    """

    topics: Mapping[str, Topic]
    facts: Fields
    elsewhere: Mapping[str, tuple[str, ...]]


class _Topic(Entry):
    id: Slug
    label: Text
    asked: Phrases
    written: Phrases
    decisive: bool


class _Vocabulary(FieldsEntry):
    topics: tuple[_Topic, ...]
    elsewhere: dict[Text, tuple[Text, ...]]


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
    return Vocabulary(topics, loaded(f"corpus/{_FILE}", entry, topics), entry.elsewhere)


def _check_topics(topics: Iterable[_Topic]) -> None:
    seen: set[str] = set()
    for place, topic in enumerate(topics):
        at = f"corpus/{_FILE}: topics[{place}]"
        if topic.id in seen:
            raise CorpusError(f"{at}.id is {topic.id!r} a second time; allowed: an id of its own")
        seen.add(topic.id)
        for key, phrases in (("asked", topic.asked), ("written", topic.written)):
            if not phrases or len(set(phrases)) < len(phrases):
                raise CorpusError(f"{at}.{key}: allowed: at least one phrase, each of them once")


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
