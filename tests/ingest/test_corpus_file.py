"""Files of corpus/ are read strictly, and a mistake is told with file, key and what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, Strict

from ingest.corpus_file import Entry, Slug, Text, choices, comparable, entry_files, read_entry
from ingest.domain import Kind
from ingest.errors import CorpusError


class Part(Entry):
    name: Text
    kind: Kind = Kind.LICENCE


class Whole(Entry):
    id: Slug
    since: Annotated[date, Strict()] | None = None
    parts: tuple[Part, ...] = ()
    named: dict[str, Part] = Field(default_factory=dict)


def read(folder: Path, content: str | bytes) -> Whole:
    path = folder / "cards" / "acme.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_entry(folder, path, Whole)


def test_a_well_formed_file_is_read(tmp_path: Path) -> None:
    whole = read(tmp_path, "id: acme-1.0\nsince: 2025-02-03\nparts: [{name: A, kind: terms}]\n")
    assert whole == Whole(
        id="acme-1.0", since=date(2025, 2, 3), parts=(Part(name="A", kind=Kind.TERMS),)
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "id: a\nparts: [{name: A, colour: red}]",
            "parts[0].colour is no key here; allowed: kind, name",
        ),
        (
            "id: a\nnamed: {x: {name: A, colour: red}}",
            "named.x.colour is no key here; allowed: kind, name",
        ),
        ("id: a\ncolour: red", "colour is no key here; allowed: id, named, parts, since"),
        ("parts: []", "id is missing"),
        ("id: Acme", "id is 'Acme'; allowed: lower-case letters and digits"),
        ("id: a..b", "id is 'a..b'; allowed: lower-case letters and digits"),
        ("id: 7", "id is 7; allowed: a valid string"),
        ("id: a\nparts: [{name: '  '}]", "parts[0].name is '  '; allowed: "),
        (
            "id: a\nparts: [{name: A, kind: license}]",
            "parts[0].kind is 'license'; allowed: licence, use-policy, ",
        ),
        ("id: a\nsince: 2025", "since is 2025; allowed: a valid date"),
        ("id: a\nsince: 2025-02-30", "not valid YAML: "),
        ("[a, b]", "the file is ['a', 'b']; allowed: a valid dictionary"),
        ("", "the file is None; allowed: a valid dictionary"),
        ("id: a\nparts: [\n", ", line 3: not valid YAML: "),
        ("id: a\nid: b", ", line 2: not valid YAML: the key 'id' stands twice"),
        (
            "id: a\nparts:\n  - {name: A, name: B}",
            ", line 3: not valid YAML: the key 'name' stands twice",
        ),
        ("id: !!python/object:os.system {}", "not valid YAML: "),
        (b"id: \xff\xfe\x41", "is not UTF-8 text"),
        ("id: a\x00b", "not valid YAML: "),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(CorpusError) as told:
        read(tmp_path, content)
    assert str(told.value).startswith("corpus/cards/acme.yml")
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_long_wrong_value_is_not_repeated_in_full(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as told:
        read(tmp_path, f"id: '{'A' * 5_000}'")
    assert len(str(told.value)) < 250


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus/cards/none.yml cannot be read: No such file"):
        read_entry(tmp_path, tmp_path / "cards" / "none.yml", Whole)


def test_files_come_by_name_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yml", ".c.yml.swp"):
        (tmp_path / "cards" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "cards" / name).touch()
    assert [path.name for path in entry_files(tmp_path, "cards")] == ["a.yml", "b.yml"]


def test_a_file_with_another_ending_is_refused_rather_than_ignored(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "acme.yaml").touch()
    with pytest.raises(CorpusError, match=r"corpus/cards/acme.yaml.*allowed: NAME.yml"):
        entry_files(tmp_path, "cards")


def test_an_empty_or_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus/cards holds no file"):
        entry_files(tmp_path, "cards")


@pytest.mark.parametrize(
    "spelling", ["Llama-4", "llama 4", "LLAMA 4.0", "llama4", "llama_4", "Llama/4"]
)
def test_spellings_of_one_name_compare_equal(spelling: str) -> None:
    assert comparable(spelling) == "llama 4"


def test_names_of_different_versions_stay_apart() -> None:
    assert (
        len({comparable(name) for name in ("llama 3", "llama 3.1", "llama 31", "llama 3 1b")}) == 4
    )


def test_choices_are_listed_in_order() -> None:
    assert choices(["b", "a"]) == "allowed: a, b"
    assert choices([]) == "allowed: none yet"


@given(st.text(max_size=200))
def test_whatever_is_in_a_file_it_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        read(folder, content.encode("utf-8", "surrogatepass"))
    except CorpusError as error:
        assert str(error).startswith("corpus/cards/acme.yml")
        assert "\n" not in str(error)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none()))
def test_any_mapping_with_an_unknown_key_is_refused(
    tmp_path_factory: pytest.TempPathFactory, extra: dict[str, object]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    unknown = {key: value for key, value in extra.items() if key not in Whole.model_fields}
    content = yaml.safe_dump({"id": "a", **unknown}, allow_unicode=True)
    if not unknown:
        assert read(folder, content).id == "a"
        return
    with pytest.raises(CorpusError):
        read(folder, content)
