"""A stated use held against the facts of a card: a ruling a line, duties, and what must be asked.

Rules only, in the order of the vocabulary; the facts do the talking. Silence of a card is
``unclear`` and never permission. A fact that does not stand rules nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.cards.facts import DELIVERY
from bot.cards.lookup import parts_named
from bot.cards.uses import Use, labels
from bot.cards.views import Check, Duty, Line, Obligations
from bot.domain import FactView
from ingest.cards import Card
from ingest.facts import Fact
from ingest.fields import ELSEWHERE, Act, Fields, Ruling

_WORST = list(Ruling)
_DUE = ("required", "required-if")
_BANS = ("not-permitted", "needs-licence")
_RESTRAINED = ("none", "unclear", "permitted", "not-required")
_THRESHOLDS = {"user-threshold": "users", "revenue-threshold": "revenue"}
_REGIONS = ("home-region", "market-region")
_ABOVE = {
    "licence-above": Ruling.NEEDS_LICENCE,
    "barred-above": Ruling.NOT_PERMITTED,
    "duty-above": Ruling.PERMITTED_IF,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of a card beside what people see of it."""

    fact: Fact
    view: FactView


def check(card: Card, facts: Sequence[Told], use: Use, fields: Fields) -> Check:
    """Hold ``use`` against the facts of ``card``.

    Args:
        card: the card.
        facts: all of its facts with their views, in the order of the vocabulary.
        use: what is to be done.
        fields: the closed lists.
    """
    named = parts_named(card, use.named)
    told = [each for each in facts if _applies(each.fact, named)]
    told = [each for each in told if not _is_outdone(each.fact, told, named, fields)]
    told = [each for each in told if _holds(each.fact, use, told, fields)]
    asked: list[str] = []
    lines = [
        *_acts(told, use, fields),
        *_thresholds(told, use, asked),
        *_regions(told, use, fields, asked),
        *_subjects(told, use, fields),
    ]
    if not use.acts | use.denied:
        asked.insert(0, "What is to be done with it: sell, fine-tune, pass on, offer as a service?")
    elif not use.acts & {*DELIVERY, "use-internally"} and not use.denied >= DELIVERY:
        asked.append("Is it handed over (weights, an app, on premises) or offered as a service?")
    asked += _plan_question(card, lines, named)
    return Check(
        card=card.id,
        title=card.title,
        use=use.encoded(named),
        ruling=_overall(lines, settled=bool(use.acts | use.subjects)),
        lines=tuple(lines),
        duties=tuple(_duties(told, use, fields)),
        questions=tuple(dict.fromkeys(asked)),
        understood=tuple(_understood(use, fields)),
        ignored=use.ignored,
    )


def obligations(card: Card, facts: Sequence[Told], fields: Fields) -> Obligations:
    """Every duty of ``card``, whatever is done with it, as a list of things to do."""
    duties = [
        Duty(each.view, each.view.when)
        for each in facts
        if fields.fields[each.fact.field].duty and each.fact.value in (*_DUE, "asked")
    ]
    return Obligations(card.id, card.title, tuple(duties))


def _acts(told: Sequence[Told], use: Use, fields: Fields) -> Iterator[Line]:
    for act in fields.acts.values():
        if act.id in use.acts:
            yield from _act(act, told, fields)


def _act(act: Act, told: Sequence[Told], fields: Fields) -> Iterator[Line]:
    about = _capital(act.label)
    deciding = next((found for id in act.decided_by if (found := _of(id, told))), [])
    if not deciding:
        yield Line(about, Ruling.UNCLEAR, "The card has no fact on this; read the documents.")
    for each in deciding:
        yield _line(about, fields.fields[each.fact.field].rulings.get(each.fact.value), each.view)
    for id in act.also:
        for each in _of(id, told):
            if each not in deciding and each.view.current and each.fact.value != "unclear":
                yield Line(
                    f"{about}: {each.view.label.lower()}", _beside(each), each.view.says, each.view
                )


def _beside(told: Told) -> Ruling | None:
    """A fact that is only worth knowing rules nothing; one that asks for something conditions."""
    return Ruling.PERMITTED_IF if told.fact.value in (*_DUE, "counts") else None


def _line(about: str, ruling: Ruling | None, fact: FactView) -> Line:
    if not fact.current:
        return Line(about, Ruling.UNCLEAR, f"Not to be relied on: {fact.why} {fact.says}", fact)
    where = f"{', '.join(fact.applies_to)}: " if fact.applies_to else ""
    return Line(about, ruling or Ruling.UNCLEAR, f"{where}{fact.says}", fact)


def _thresholds(told: Sequence[Told], use: Use, asked: list[str]) -> Iterator[Line]:
    for field, measure in _THRESHOLDS.items():
        for each in _of(field, told):
            yield from _threshold(each, measure, use, told, asked)


def _threshold(
    told: Told, measure: str, use: Use, every: Sequence[Told], asked: list[str]
) -> Iterator[Line]:
    fact, about = told.fact, told.view.label
    stated = use.users if measure == "users" else use.revenue
    if fact.value == "none":
        if stated is not None:
            yield _line(about, Ruling.PERMITTED, told.view)
        return
    above = _ABOVE.get(fact.value)
    if above is None or fact.amount is None or not told.view.current:
        yield _line(about, Ruling.UNCLEAR, told.view)
        return
    per_month = fact.amount.unit == "usd-a-month"
    comparable = measure == "users" or per_month == (use.revenue_per == "month")
    if stated is None or not comparable:
        asked.append(_how_much(measure, fact.amount.number, per_month, every))
        yield _line(about, Ruling.PERMITTED_IF, told.view)
        return
    over = stated > fact.amount.number
    amount = f"{stated:,} stated, {fact.amount.number:,} is the limit. "
    ruling = above if over else Ruling.PERMITTED
    yield Line(about, ruling, amount + told.view.says, told.view)
    for id in (
        ("threshold-counts", "threshold-measured")
        if over or stated * 2 > fact.amount.number
        else ()
    ):
        for other in _of(id, every):
            if other.view.current and other.fact.value != "unclear":
                yield Line(other.view.label, Ruling.PERMITTED_IF, other.view.says, other.view)


def _how_much(measure: str, limit: int, per_month: bool, every: Sequence[Told]) -> str:
    whose = " and your affiliates" if _says(every, "threshold-counts", "with-affiliates") else ""
    if measure == "users":
        asked = f"do you{whose} have"
        if _says(every, "threshold-measured", "before-release"):
            asked = f"did you{whose} have in the month before the model was released"
        return f"How many monthly active users {asked}? The limit is {limit:,}."
    period = "a month" if per_month else "a year"
    return f"What is the revenue {period} of you{whose}, in US dollars? The limit is {limit:,}."


def _regions(told: Sequence[Told], use: Use, fields: Fields, asked: list[str]) -> Iterator[Line]:
    for field in _REGIONS:
        home = field == "home-region"
        stated = use.home if home else use.market
        for each in _of(field, told):
            if each.fact.value in _RESTRAINED:
                continue
            yield from _region(each, stated, home, fields, asked)


def _region(
    told: Told, stated: frozenset[str], home: bool, fields: Fields, asked: list[str]
) -> Iterator[Line]:
    about = told.view.label
    ruling = fields.fields[told.fact.field].rulings.get(told.fact.value)
    known = {each for id in stated for each in (id, *fields.regions[id].within)}
    settled = "unsupported" not in told.fact.members
    if known & set(told.fact.members):
        yield _line(about, ruling, told.view)
    elif not stated or not settled:
        where = ", ".join(told.view.about)
        asked.append(
            f"Is your company established in {where}?"
            if home
            else f"Is it to be used or offered in {where}?"
        )
        yield _line(about, Ruling.PERMITTED_IF, told.view)


def _subjects(told: Sequence[Told], use: Use, fields: Fields) -> Iterator[Line]:
    for id, subject in fields.subjects.items():
        if id not in use.subjects:
            continue
        about = f"Field of use: {subject.label}"
        every = _of("fields-of-use", told)
        # A fact that names no field speaks of all the others, unless it is a ban on something else.
        found = [each for each in every if id in each.fact.members] or [
            each for each in every if not each.fact.members and each.fact.value not in _BANS
        ]
        for each in found:
            yield _line(
                about, fields.fields["fields-of-use"].rulings.get(each.fact.value), each.view
            )
        if not found:
            yield Line(about, Ruling.UNCLEAR, "The card has no fact on this; read the use policy.")


def _duties(told: Sequence[Told], use: Use, fields: Fields) -> Iterator[Duty]:
    """What the use brings about for certain, then what it may bring about."""
    may: list[Duty] = []
    for each in told:
        if not fields.fields[each.fact.field].duty or each.fact.value not in _DUE:
            continue
        if not each.fact.when or any(combination <= use.acts for combination in each.fact.when):
            yield Duty(each.view)
        elif any(not combination & use.denied for combination in each.fact.when):
            may.append(Duty(each.view, each.view.when))
    yield from may


def _of(field: str, told: Iterable[Told]) -> list[Told]:
    return [each for each in told if each.fact.field == field]


def _says(told: Iterable[Told], field: str, value: str) -> bool:
    return any(each.fact.field == field and each.fact.value == value for each in told)


def _applies(fact: Fact, named: frozenset[str]) -> bool:
    return not fact.applies_to or not named or bool(named & set(fact.applies_to))


def _is_outdone(fact: Fact, told: Sequence[Told], named: frozenset[str], fields: Fields) -> bool:
    """Whether a fact that settles nothing stands beside one on the very plan or model named."""
    return (
        fact.value in fields.unsettled
        and not fact.applies_to
        and any(named & set(each.fact.applies_to) for each in _of(fact.field, told))
    )


def _holds(fact: Fact, use: Use, told: Sequence[Told], fields: Fields) -> bool:
    """Whether a fact that holds in some regions alone may hold where the use takes place."""
    stated = use.home | use.market
    if not stated or not fact.members or fields.fields[fact.field].lists is not None:
        return True
    known = {each for id in stated for each in (id, *fields.regions[id].within)}
    if ELSEWHERE not in fact.members:
        return bool(known & {*fact.members})
    others = {id for each in _of(fact.field, told) for id in each.fact.members}
    return not stated <= {id for id in stated if {id, *fields.regions[id].within} & others}


def _plan_question(card: Card, lines: Iterable[Line], named: frozenset[str]) -> Iterator[str]:
    """Ask for the plan where lines differ by it and none was named."""
    plans = {each.name for each in card.plans}
    if named & plans:
        return
    differing = {
        name for line in lines if line.fact for name in line.fact.applies_to if name in plans
    }
    if differing:
        listed = ", ".join(each.name for each in card.plans if each.name in differing)
        yield f"On which plan: {listed}?"


def _overall(lines: Sequence[Line], *, settled: bool) -> Ruling:
    """The worst of the lines; unclear at best where it is not known what is to be done."""
    rulings = [each.ruling for each in lines if each.ruling is not None]
    if not (settled and rulings):
        rulings.append(Ruling.UNCLEAR)
    return max(rulings, key=_WORST.index)


def _understood(use: Use, fields: Fields) -> Iterator[str]:
    yield from (each.label for id, each in fields.acts.items() if id in use.acts)
    yield from (f"not: {each.label}" for id, each in fields.acts.items() if id in use.denied)
    if use.home:
        yield f"established in {', '.join(labels(use.home, fields.regions))}"
    if use.market:
        yield f"offered or used in {', '.join(labels(use.market, fields.regions))}"
    if use.users is not None:
        yield f"{use.users:,} users a month"
    if use.revenue is not None:
        yield f"{use.revenue:,} US dollars of revenue a {use.revenue_per}"
    yield from (f"field of use: {each}" for each in labels(use.subjects, fields.subjects))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
