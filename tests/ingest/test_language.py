"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language import language_of

ENGLISH = (
    "You keep what you put into Acme, and we do not use it to train models unless you allow us to. "
    "We may change these terms when the law changes, and tell you thirty days before we do. "
    "If you do not agree with a change you may leave before it comes into force. "
)
GERMAN = (
    "Sie behalten, was Sie bei Acme eingeben, und wir trainieren damit keine Modelle, wenn Sie es "
    "nicht erlauben. Wir können diese Bedingungen ändern, wenn sich das Recht ändert, und sagen es "
    "Ihnen dreißig Tage vorher. Wer damit nicht einverstanden ist, kann vor diesem Tag kündigen. "
)
FRENCH = (
    "Vous gardez ce que vous saisissez chez Acme, et nous n'entraînons pas de modèles avec cela "
    "sans votre accord. Nous pouvons changer ces conditions quand la loi change, et nous vous le "
    "disons trente jours avant. Si vous n'êtes pas d'accord, vous pouvez partir avant ce jour. "
)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr")])
def test_a_paragraph_is_enough(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_few_words_say_too_little() -> None:
    assert language_of("Nutzungsbedingungen von Acme, Stand Mai") is None
    assert language_of("") is None


def test_addresses_and_numbers_are_in_no_language() -> None:
    links = " ".join(
        f"[{n}](https://acme.example/de/rechtliches/{n}) 2026-05-0{n}" for n in range(9)
    )
    assert language_of(links * 20) is None
    assert language_of(ENGLISH + links * 3) == "en"


def test_the_language_of_most_of_a_text_counts() -> None:
    assert language_of(ENGLISH * 12 + GERMAN * 3) == "en"


@settings(deadline=None)
@given(st.text(max_size=2_000))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) is None or len(language_of(text) or "") == 2
