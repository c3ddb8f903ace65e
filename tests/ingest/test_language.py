"""Which language a text is in, and whether that is a surprise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language import foreign, language_of

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
SPANISH = (
    "Usted conserva lo que introduce en Acme, y no entrenamos modelos con ello sin su permiso. "
    "Podemos cambiar estas condiciones cuando cambie la ley, y se lo decimos treinta días antes. "
    "Quien no esté de acuerdo puede marcharse antes de ese día, sin coste alguno para nadie. "
)
CHINESE = (
    "您保留输入到艾可美的内容。未经您允许，我们不会用它训练模型。法律变更时我们会修改条款，并提前三十天告诉您。"
    * 5
)
NORWEGIAN = (
    "Du beholder det du legger inn i Acme, og vi bruker det ikke til å trene modeller uten at du "
    "sier ja. Vi kan endre disse vilkårene når loven endres, og sier fra tretti dager før. Den som "
    "ikke er enig i en endring, kan slutte før den trer i kraft, og får pengene sine tilbake. "
)
COMPANIES = "\n".join(
    f"| {name} | {city} |"
    for name, city in [
        ("Schmidt und Söhne Rechenzentrum GmbH", "Frankfurt am Main"),
        ("Gesellschaft für Datenhaltung mbH", "München"),
        ("Nordwolke Verwaltungs AG", "Hamburg"),
        ("Müller Rechnerbetrieb GmbH", "Köln"),
        ("Bayerische Speicherwerke AG", "Nürnberg"),
        ("Sächsische Leitungsgesellschaft mbH", "Dresden"),
    ]
)


@pytest.mark.parametrize(
    ("text", "language"),
    [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr"), (SPANISH, "es"), (CHINESE, "zh")],
    ids=["en", "de", "fr", "es", "zh"],
)
def test_a_paragraph_is_enough(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(text * 40) == language


def test_a_few_words_say_too_little() -> None:
    assert language_of("Nutzungsbedingungen von Acme, Stand Mai") is None
    assert language_of("") is None


def test_addresses_numbers_and_names_are_in_no_language() -> None:
    links = " ".join(
        f"[{n}](https://acme.example/de/rechtliches/{n}) 2026-05-0{n} recht@acme.example"
        for n in range(9)
    )
    assert language_of(links * 20) is None
    assert language_of(COMPANIES) is None
    assert language_of(ENGLISH + links * 3 + COMPANIES) == "en"


def test_the_language_of_most_of_a_text_counts() -> None:
    assert language_of(ENGLISH * 24 + GERMAN * 6) == "en"


def test_a_text_in_another_language_than_declared_is_foreign() -> None:
    assert foreign(GERMAN, None, "en") == "de"
    assert foreign(GERMAN * 20, ENGLISH * 20, "en") == "de"
    assert foreign(GERMAN, None, "de") is None


def test_a_text_in_two_languages_is_in_both() -> None:
    assert foreign(GERMAN * 20 + ENGLISH * 10, None, "en") is None
    assert foreign(GERMAN * 20 + ENGLISH * 10, None, "de") is None


def test_a_language_that_was_good_before_is_no_surprise() -> None:
    assert foreign(GERMAN * 3, GERMAN * 2, "en") is None
    assert foreign(FRENCH * 3, GERMAN * 2, "en") == "fr"


ENGLISH_LIST = "# List of Sub-Processors\n\n| Name of the Company | Purpose |\n" + "\n".join(
    f"| {name} Limited | {purpose} |"
    for name, purpose in [
        ("North Water", "Hosting the Service"),
        ("West Field Support", "Answers to Customers"),
        ("Stone Bridge", "Keeping Backups of What Customers Write"),
        ("High Street Payments", "Billing and Payments for the Service"),
        ("Old Harbour Mail", "Sending Mail to Those Who Have an Account"),
    ]
)


def test_a_list_of_names_that_was_translated_is_foreign() -> None:
    german = f"# Liste der Unterauftragsverarbeiter\n\n| Firma | Ort |\n{COMPANIES}"
    assert foreign(german, ENGLISH_LIST, "en") == "de"
    assert foreign(german, german, "en") is None
    assert foreign(german, None, "en") is None


def test_foreign_names_make_no_list_foreign() -> None:
    assert foreign(f"{ENGLISH_LIST}\n{COMPANIES}\n{COMPANIES}", ENGLISH_LIST, "en") is None
    assert foreign(f"{ENGLISH_LIST}\n{COMPANIES}", None, "en") is None


def test_languages_that_no_detector_tells_apart_are_one() -> None:
    assert all(foreign(NORWEGIAN, None, each) is None for each in ("no", "nb", "nn"))


def test_a_text_in_two_scripts_by_turns_is_in_both() -> None:
    chinese = "您可以出于任何目的使用本模型，但须保留本许可证的副本，并注明您所作的修改。" * 3
    assert foreign(f"{chinese}\n{ENGLISH}\n" * 8, None, "en") is None
    assert foreign(chinese * 20, None, "en") == "zh"


@settings(deadline=None)
@given(st.text(max_size=2_000))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) is None or len(language_of(text) or "") == 2
