"""How answers, reports and reviews look in a terminal: plain text, nothing but lines."""

from __future__ import annotations

import textwrap
from collections import Counter

from bot.domain import Answer, AnswerStatus
from bot.lines import citation, wrapped
from bot.reviewing import Reviewed
from bot.wording import DISCLAIMER, VERDICTS, day
from ingest.domain import Clause, Status
from ingest.filling import Filled
from ingest.proof import FactStatus, Proven
from ingest.run import Report


def answer(told: Answer) -> str:
    """The answer with its numbered citations, as one printable text."""
    verdict = f"{VERDICTS[told.verdict]} " if told.verdict else ""
    blocks = [wrapped(f"{verdict}{told.text}")]
    blocks += [citation(f"[{number}]", each) for number, each in enumerate(told.citations, 1)]
    blocks += [wrapped(f"Note: {notice}") for notice in told.notices]
    if told.status is not AnswerStatus.COURTESY:
        blocks.append(DISCLAIMER)
    return "\n\n".join(blocks)


def clause(shown: Clause) -> str:
    """A clause as those see it who point facts at it: where it stands, then what it says."""
    place = " / ".join(filter(None, (*shown.trail, shown.heading)))
    head = f"[{shown.key}]" + (f" {shown.label}" if shown.label else "")
    return f"{head} {place}\n{textwrap.indent(shown.text, '    ')}\n"


def reviewed(told: Reviewed, whole: bool) -> str:
    """A card's facts that do not stand; all of them with their clauses where it is to be whole."""
    counts = Counter(each.status.value for each in told.facts)
    summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no facts"
    lines = [f"{told.card}: {summary}"]
    for number, each in enumerate(told.facts):
        if whole or each.status is FactStatus.STALE:
            lines.append(_fact_line(number, each))
            lines += [clause(proof.clause) for proof in each.proofs if whole]
    return "\n".join(lines)


def _fact_line(number: int, shown: Proven) -> str:
    fact = shown.fact
    about = f" ({', '.join((*fact.applies_to, *fact.members))})"
    named = about if fact.applies_to or fact.members else ""
    when = " or ".join(" + ".join(sorted(each)) for each in fact.when)
    told = f"{number}. {fact.field}{named}: {fact.value}. {fact.says}"
    told += f" [when: {when}]" if when else ""
    return f"{told} ({shown.status.value}: {shown.why})" if shown.why else told


def report(told: Report) -> str:
    """One line a source that is not unchanged, then the counts."""
    lines = [
        f"{each.status.value:9} {each.source} (version {each.version})"
        for each in told.outcomes
        if each.status not in (Status.UNCHANGED, Status.FAILED)
    ]
    lines += _failures(told)
    lines += [
        f"trouble   {each.source} has been failing since {day(each.opened_at)} ({each.cause.value})"
        for each in told.troubles
    ]
    counts = ", ".join(f"{told.count(status)} {status.value}" for status in Status)
    where = "offline, from the archive alone" if told.offline else "checked"
    size = f"{told.generation.chunks} passages indexed" if told.generation else "nothing indexed"
    lines.append(
        f"{len(told.outcomes)} sources {where}: {counts}; {told.embedded} passages embedded, "
        f"{size}; {told.seconds:.1f} s."
    )
    return "\n".join(lines)


def _failures(told: Report) -> list[str]:
    """One line a cause: sixty documents of one archive fail together, and for one reason."""
    failed: dict[tuple[str, str], list[str]] = {}
    for each in told.failed:
        cause = each.cause.value if each.cause else ""
        failed.setdefault((cause, each.detail), []).append(each.source)
    return [
        f"failed    {_some(sources)} ({cause}): {detail}"
        for (cause, detail), sources in failed.items()
    ]


def _some(names: list[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def history(filled: Filled) -> str:
    """One line of what filling in came to."""
    lines = [f"failed    history of {_some([*filled.failed])}"] if filled.failed else []
    counts = [
        f"{filled.versions} earlier versions read",
        f"{filled.refused} refused",
        f"{filled.reread} read again",
        f"{filled.embedded} passages embedded",
    ]
    return "\n".join([*lines, f"History: {', '.join(counts)}."])
