"""How a run of apply ended: on top of the comment of its pull request, and as the status of its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.errors import MeshformError
from reconciler.model.plain_json import MISSHAPEN
from reconciler.report.comment import size
from reconciler.report.markdown import bullets, code, inline
from reconciler.report.not_done import NotDone, not_done_lines
from reconciler.report.plain import plain, shortened

_BEGIN, _END = "<!-- meshform outcome -->", "<!-- meshform outcome ends -->"
_LINES, _ROOM, _LONGEST = 20, 4_500, 300
LIMIT = 65_500


@dataclass(frozen=True, slots=True)
class Ending:
    """A run in a word, a sentence, and the state of a commit status."""

    state: Literal["success", "failure", "error"]
    sentence: str
    details: tuple[str, ...]
    journal: str | None


def ending(outcome: Mapping[str, Any]) -> Ending:
    """What `meshform apply --outcome` has written, in words. Raises MeshformError for anything else."""
    try:
        return _ending(outcome)
    except MISSHAPEN as error:
        raise MeshformError("The outcome was not written by `meshform apply --outcome`.") from error


def _ending(outcome: Mapping[str, Any]) -> Ending:
    run: Mapping[str, Any] = outcome.get("run") or {}
    outcomes, held = run.get("outcomes") or [], run.get("held") or []
    done = sum(each["result"] == "done" for each in outcomes)
    wrong = [
        NotDone(str(each["result"]), str(each["address"]), str(each["message"]))
        for each in outcomes
        if each["result"] != "done"
    ]
    kept = [f"not approved: {each}" for each in outcome.get("not_approved") or ()]
    kept += [f"held back: {each['address']}: {each['reason']}" for each in held]
    details = tuple(shortened(plain(text), _LONGEST) for text in (*not_done_lines(wrong), *kept))
    journal = str(outcome["journal"]) if outcome.get("journal") else None
    match outcome["exit_code"]:
        case 0:
            return Ending("success", f"Applied: {_steps(done)} done.", details, journal)
        case 3 | 4 if not run or outcome["exit_code"] == 3:
            message = str(outcome["message"]).splitlines()
            return Ending("failure", "Refused: nothing was changed.", tuple(map(plain, message)), journal)
        case 4:
            return Ending("failure", f"{_steps(done).capitalize()} done, {len(held)} held back.", details, journal)
        case 5:
            return Ending("failure", f"Applied in part: {_steps(done)} done, {len(wrong)} not.", details, journal)
        case _:
            message = str(outcome["message"]).splitlines()
            return Ending("error", "Apply failed.", tuple(map(plain, message)), journal)


def status_context(folder: str) -> str:
    """The context of the commit status by which apply reports on the mesh in a folder."""
    return f"meshform/apply ({folder.strip('/')})"


def with_outcome_banner(body: str | None, marker: str, end: Ending, commit: str | None, run: str | None) -> str:
    """The comment with the outcome on top, in place of an older outcome. Without a comment the outcome alone."""
    lines = [line.rstrip("\r") for line in (body or marker).split("\n")]
    first, rest = lines[:1], lines[1:]
    if rest[:1] == [_BEGIN] and _END in rest:
        rest = rest[rest.index(_END) + 1 :]
    block = _block(end, commit, run)
    room = LIMIT - size([*first, *block])
    if size(rest) > room:
        rest = ["The plan does not fit here any more; the run of the plan has it in its summary."]
    return "\n".join([*first, *block, *rest])


def _block(end: Ending, commit: str | None, run: str | None) -> list[str]:
    mark = "✅" if end.state == "success" else "❌"
    of = f" Commit {inline(commit)}." if commit else ""
    link = f" [The run]({run})." if run else ""
    shown: list[str] = []
    for text in end.details[:_LINES]:
        if size([*shown, inline(text)]) > _ROOM - 800:
            break
        shown.append(inline(text))
    more = len(end.details) - len(shown)
    if more:
        shown.append(f"and {more} more")
    journal = [f"Journal: {code(end.journal)}", ""] if end.journal else []
    return [_BEGIN, f"### {mark} {inline(end.sentence)}{of}{link}", "", *bullets(shown), "", *journal, _END]


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
