"""What access says, word for word, of changes drawn once and for all: facts, gains and losses, reasons, answers.

`GOLDEN=refresh` writes said.json anew; the diff of it is to be reviewed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from reconciler.access import Access, AccessDifference, AccessEntry, AccessFact, changed_facts, difference, facts_of
from reconciler.access.explanation.explain import explain
from reconciler.access.facts.access_fact import NO_TERMS
from reconciler.access.queries.ask import what_can
from reconciler.access.queries.readers import readers_of, tagged_columns
from reconciler.access.queries.verify import lists_in_part, verify
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from tests.access.building import CONSUMER, OTHER, OWNER
from tests.access.scenes import LISTED, SCENES, drawn
from tests.estate import bank

SAID = Path(__file__).parent / "said.json"
OF_WHOM = ("name", "principal_type", "account", "account_name", "consumer")
"""What follows from who it is."""
SHORT = ("principal", "catalog", "database", "table", "column", "permission", *OF_WHOM)


class Sentences:
    """Sentences that are said again and again, each written once."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def __call__(self, those: Iterable[str]) -> str:
        return "+".join(self.known.setdefault(each, f"#{len(self.known)}") for each in those)


def said(before: Access, after: Access) -> list[str]:
    """Everything: of what is there after, and of what was there before only what changed."""
    found, sentences = difference(before, after), Sentences()
    lines = [
        *gathered([*facts_of(after, bank())], sentences),
        *(f"{how} {brief(each.as_json(), sentences)}" for how, those in entries(found) for each in those),
        f"admins {found.admins_gained} {found.admins_lost}; {found.counts()}; {found.gaps}",
        *changes(found),
        *explained(after, sentences),
        *asked(after),
    ]
    named = {OWNER: "owner", CONSUMER: "consumer", OTHER: "other", ":aws:iam::": ":", "IAM_ALLOWED_PRINCIPALS": "IAM"}
    every = "\n".join([*(f"{number} {each}" for each, number in sentences.known.items()), *lines])
    for old, new in named.items():
        every = every.replace(old, new)
    return every.splitlines()


def entries(found: AccessDifference) -> Iterator[tuple[str, Iterable[AccessEntry]]]:
    for name in ("gained", "lost", "shared", "unshared"):
        yield name, getattr(found, name)


def brief(told: Mapping[str, Any], sentences: Sentences) -> str:
    """Without what is nothing, and without what belongs to who it is."""
    there = {name: value for name, value in told.items() if value not in (None, "", (), [], {}, False)}
    for name in ("reasons", "via"):
        if name in there:
            there[name] = sentences(there[name])
    who, *where = (there.pop(name, "") for name in ("principal", "database", "table"))
    rest = (f"{name}={value}" for name, value in there.items() if name not in SHORT)
    return "; ".join([f"{who} {'.'.join(where)}", *rest])


def gathered(facts: Iterable[AccessFact], sentences: Sentences) -> Iterator[str]:
    """Facts in a line each, those together that differ in columns or permissions only; and everybody once."""
    people: dict[str, None] = {}
    groups: dict[str, dict[str, list[str]]] = {}
    for fact in facts:
        told = {each.name: getattr(fact, each.name) for each in fields(fact)}
        told["certain"] = None if fact.certain else "not"
        told["terms"] = fact.terms if fact.terms != NO_TERMS else None
        people[f"who {fact.principal} {fact.catalog}: {[told[name] for name in OF_WHOM]}"] = None
        groups.setdefault(brief(told, sentences), {}).setdefault(fact.permission, []).append(fact.column)
    yield from people
    for text, rights in groups.items():
        yield " ".join([f"fact {text}:", *(f"{right}({','.join(names)})" for right, names in rights.items())])


def changes(found: AccessDifference) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for each in changed_facts(found, bank()):
        same = each.fact.as_json().keys()
        more = {name: value for name, value in each.as_json().items() if name not in same and value}
        key = (each.fact.principal, each.fact.where, each.fact.permission, each.fact.path, each.fact.rank)
        groups.setdefault(f"{key} {more}", []).append(each.fact.column)
    for text, columns in groups.items():
        yield f"change {text}: {','.join(columns)}"


def explained(access: Access, sentences: Sentences) -> Iterator[str]:
    """Why everybody reads what he reads of a table, and not the rest; and of its first column by itself."""
    for place, view in sorted(access.tables.items()):
        for name in sorted({*access.principals, *access.state.wholes, IAM_ALLOWED_PRINCIPALS}):
            found = explain(access, name, place)
            yield f"remarks {name} {place}: {sentences(found.remarks)}"
            alone = [each for column in view.columns[:1] for each in explain(access, name, place, column).answers]
            for each in (*found.answers, *(each for each in alone if each not in found.answers)):
                yield f"{'yes' if each.readable else 'no'} {','.join(each.columns)}: {sentences(each.because)}"


def asked(access: Access) -> Iterator[str]:
    for place, view in sorted(access.tables.items()):
        for number, column in enumerate(view.columns):
            names = [each.principal for each in readers_of(access, place, 1 << number)]
            yield f"readers of {place}.{column}: {' '.join(names)}"
        for pair in access.readers(place):
            in_part = lists_in_part(access, pair.principal, place)
            for each in verify(pair, LISTED, is_admin=place.table == "u", in_part=in_part):
                yield f"verify {in_part}: {each.message}"
    for key, value in (("level", "LOW"), ("Team", "x"), ("team", "*")):
        yield f"{key}={value}: { {str(place): bits for place, bits in tagged_columns(access, key, value).items()} }"
    yield f"what everybody can: {len([*what_can(access, bank(), {*access.principals, *access.state.wholes})])}"


@pytest.mark.parametrize("number", range(SCENES))
def test_access_says_word_for_word(number: int) -> None:
    now, name = said(*drawn(number)), str(number)
    known: dict[str, list[str]] = json.loads(SAID.read_text(encoding="utf-8")) if SAID.exists() else {}
    if os.environ.get("GOLDEN") == "refresh":
        known[name] = now
        SAID.write_text(json.dumps(known, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert now == known[name], "`make golden` if this is what people should see"
