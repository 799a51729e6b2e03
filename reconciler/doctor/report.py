"""What the doctor says, as text and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption
from reconciler.report.hints import hint_lines

_MARKS = {"confirmed": " ", "refuted": "!", "unknown": "?"}


def report_text(answers: Iterable[Answer], known: Mapping[str, Assumption]) -> Iterator[str]:
    """The verdict first; then a line an answer: what was refuted, what is not known, what holds."""
    found = list(answers)
    counts = {verdict: sum(each.verdict == verdict for each in found) for verdict in _MARKS}
    stops = [each for each in found if each.verdict == "refuted" and known[each.id].blocker]
    if stops:
        yield f"{len(stops)} answers say that an apply would not get through."
    else:
        yield "Nothing was found that would stop an apply."
    yield f"{counts['confirmed']} confirmed, {counts['refuted']} refuted, {counts['unknown']} unknown."
    yield ""
    for verdict in ("refuted", "unknown", "confirmed"):
        for each in (each for each in found if each.verdict == verdict):
            where = f" ({each.where})" if each.where else ""
            yield f"{_MARKS[verdict]} {each.id}  {verdict}{where}: {each.evidence}"
            if verdict == "refuted":
                yield f"    {known[each.id].text}{' It stops an apply.' if known[each.id].blocker else ''}"
            if verdict != "confirmed" and each.hint:
                yield from (f"    {line}" for line in hint_lines((each.hint,)))


def report_json(answers: Iterable[Answer], known: Mapping[str, Assumption]) -> dict[str, Any]:
    """The same as data."""
    rows = [{**asdict(each), "assumption": known[each.id].text, "blocker": known[each.id].blocker} for each in answers]
    return {"version": 1, "answers": rows}
