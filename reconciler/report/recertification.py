"""Recertification in words: for the terminal, the issue of each team, and the pull request after its silence."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import date
from hashlib import blake2b
from urllib.parse import quote

from reconciler.recertification import Asked, Round
from reconciler.report.called import called
from reconciler.report.markdown import bullets, code, inline
from reconciler.report.plain import plain, shortened
from reconciler.report.usage import when
from reconciler.spec.mesh import Mesh

_LINES, _LONGEST = 100, 300
_PREFIX = "<!-- meshform recertification: "


def prefix(folder: str) -> str:
    """How the hidden first lines of all issues of a mesh begin."""
    return f"{_PREFIX}{_hidden(folder.strip('/'))} "


def marker(folder: str, owner: str) -> str:
    """The hidden first line by which the issue of an owner is found again."""
    return f"{prefix(folder)}{_hidden(owner)} -->"


def recertification_text(held: Round | None, asked: Collection[Asked], today: date) -> Iterator[str]:
    """The lines for a terminal."""
    if held is None:
        yield "No round of recertification is held (`recertification` in mesh.yaml)."
        return
    if not asked:
        yield f"Every subscription is confirmed in the round that began on {held.begins}."
        return
    over = "are over; removing is proposed" if today > held.answers_until else "are awaited"
    yield f"To be confirmed in the round that began on {held.begins}; answers until {held.answers_until} {over}:"
    for each in asked:
        yield f"  ? {plain(each.subscription.name)}, {_line(each)} Asked: {plain(', '.join(each.owners))}"


def title(mesh: Mesh, owner: str, count: int, held: Round) -> str:
    """The title of the issue of an owner."""
    return plain(
        f"{owner}: confirm {count} subscription{'s' if count != 1 else ''} of {mesh.name} by {held.answers_until}"
    )


def body(mesh: Mesh, folder: str, owner: str, asked: Collection[Asked], held: Round, today: date) -> str:
    """The issue of an owner: what is read by whom, and how to answer."""
    late = " That day is over: pull requests propose to remove them." if today > held.answers_until else ""
    asking = f"are these subscriptions still needed? Please answer by {held.answers_until}.{late}"
    return "\n".join(
        [
            marker(folder, owner),
            f"{called(mesh, owner)}, {asking}",
            "Nothing is taken away without a pull request that you review.",
            "",
            f"- To confirm one, set {code(f'confirmed: {answer(owner, today)}')} in its file by a pull request;",
            f"  {code(f'meshform recertify --confirm NAME --by {owner}')} writes it.",
            "- To end one, remove its file, or give it an earlier `expires`, by a pull request.",
            "",
            *_list(asked),
        ]
    )


def answer(owner: str, today: date) -> str:
    """What the field `confirmed` says when an owner confirms today, as YAML of one line."""
    name = owner if owner.replace("-", "").isalpha() else json.dumps(owner, ensure_ascii=False)
    return f"{{by: {name}, at: {today}}}"


def branch_part(owner: str) -> str:
    """An owner's name as a part of the name of a branch: another one for another owner."""
    plain_name = re.sub(r"[^a-z0-9]+", "-", owner.lower()).strip("-")
    return plain_name if plain_name == owner else f"{plain_name}-{blake2b(owner.encode(), digest_size=4).hexdigest()}"


def removal_title(owner: str, count: int) -> str:
    """The title of the pull request that removes what an owner has not confirmed."""
    return plain(f"Remove {count} subscription{'s' if count != 1 else ''} that {owner} has not confirmed")


def removal_markdown(owner: str, asked: Collection[Asked], held: Round) -> str:
    """The body of that pull request."""
    return "\n".join(
        [
            f"{inline(owner)} was asked from {held.begins} to {held.answers_until} whether these are still needed,",
            "and has not confirmed them. Merging this ends them. To keep one, confirm it (`confirmed` in its file).",
            "",
            *_list(asked),
        ]
    )


def _list(asked: Collection[Asked]) -> list[str]:
    every = [f"{code(each.subscription.origin.file)}: {inline(_line(each))}" for each in asked]
    more = [f"- and {len(every) - _LINES} more; `meshform recertify` lists all"] if len(every) > _LINES else []
    return [*bullets(every[:_LINES]), *more]


def _line(asked: Asked) -> str:
    each = asked.subscription
    what = each.product or "what carries " + ", ".join(
        f"{key}={'|'.join(values)}" for key, values in (each.expression or {}).items()
    )
    who = f"{each.consumer} ({', '.join(each.principals)})" if each.principals else f"{each.consumer} as a whole"
    since = f"since {asked.since}" if asked.since else "since when is not known"
    said = f"last confirmed on {each.confirmed.at} by {each.confirmed.by}" if each.confirmed else "never confirmed"
    until = f"until {each.expires}" if each.expires else "without an end"
    purpose = shortened(plain(each.purpose), _LONGEST)
    return f"{who} reads {what} {since}, {until}; {said}; last use {when(asked.used)}. Purpose: {purpose}"


def _hidden(text: str) -> str:
    """Text within the marker: nothing in it ends the comment."""
    return quote(text, safe="/").replace("--", "%2D%2D")
