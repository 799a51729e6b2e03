"""What access says, word for word, of changes drawn once and for all: facts, gains and losses, reasons, answers.

`GOLDEN=refresh` writes said.json anew; the diff of it is to be reviewed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from reconciler.access import Access, AccessDifference, AccessEntry, AccessFact, changed_facts, difference, facts_of
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.access.explanation.explain import explain
from reconciler.access.explanation.subscribing import subscribing
from reconciler.access.facts.access_fact import NO_TERMS
from reconciler.access.facts.attribution import attribution
from reconciler.access.queries.ask import members_of, what_can
from reconciler.access.queries.find import Unknown, principal, table, table_and_column, tables_and_column, tagged_by
from reconciler.access.queries.readers import readers_of, tagged_columns
from reconciler.access.queries.verify import lists_in_part, verify
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.mesh import Mesh
from tests.access.building import ANN, OWNER
from tests.access.scenes import LISTED, MESHES, POLICIES, SCENES, drawn, drawn_policies
from tests.estate import access_of, bank

SAID = Path(__file__).parent / "said.json"
OF_WHOM = ("name", "principal_type", "account", "account_name", "consumer")
"""What follows from who it is."""
SHORT = ("principal", "catalog", "database", "table", "column", "permission", *OF_WHOM)


class Sentences:
    """Sentences that are said again and again, each written once."""

    def __init__(self, known: Mapping[str, str] = MappingProxyType({})) -> None:
        self.known = {**known}

    def __call__(self, those: Iterable[str]) -> str:
        return "+".join(self.known.setdefault(each, f"#{len(self.known)}") for each in those)


def said(before: Access, after: Access, mesh: Mesh, sentences: Sentences) -> list[str]:
    """Everything: of what is there after, and of what was there before only what changed."""
    found = difference(before, after)
    return [
        *gathered([*facts_of(after, mesh)], sentences),
        *(f"{how} {brief(each.as_json(), sentences)}" for how, those in entries(found) for each in those),
        f"admins {found.admins_gained} {found.admins_lost}; {found.counts()}; {found.gaps}",
        *changes(found, mesh),
        *explained(after, sentences),
        *asked(after, mesh),
    ]


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


def changes(found: AccessDifference, mesh: Mesh) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for each in changed_facts(found, mesh):
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


def asked(access: Access, mesh: Mesh) -> Iterator[str]:
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
    yield f"what everybody can: {len([*what_can(access, mesh, {*access.principals, *access.state.wholes})])}"


def documented(access: Access, mesh: Mesh, sentences: Sentences) -> Iterator[str]:
    """What documents have to do with each table and column, for each principal of a consumer and one of nobody's."""
    for name in (*attribution(mesh).consumers, ANN):
        for place, view in sorted(access.tables.items()):
            for column in (None, *view.columns):
                told = subscribing(access, mesh, access.on(name, place), column)
                yield f"{name} {place} {column}: {sentences(told.sentences)} {sentences(told.yaml)}"


def looked_up(access: Access, mesh: Mesh) -> Iterator[str]:
    """What each name of the mesh is found as, and each with a mistake in it."""
    people = {access.directory.label(each) for each in {*access.principals, *access.state.wholes}}
    products = {name for each in mesh.products.values() for name in (each.name, f"{each.domain}/{each.name}")}
    tables = {name for place in access.tables for name in (place.table, str(place), f"{place.catalog}.{place}")}
    columns = {f"{place}.{view.columns[-1]}" for place, view in access.tables.items() if view.columns}
    tags = {f"{key}={value}" for key, tag in mesh.tags.items() for value in tag.value_names}
    names = {*people, *products, *tables, *columns, *tags, *mesh.tags, *mesh.domains, *mesh.consumers}
    asking = (principal, table, table_and_column, tables_and_column, tagged_by, members_of)
    for name in sorted({*names, *mesh.accounts, *(each.id for each in mesh.accounts.values()), OWNER}):
        for word in (name, name[:-1], name.upper()):
            answers = {str(found): ask.__name__ for ask in asking for found in answered(ask, access, mesh, word)}
            yield "; ".join([word, *(f"{ask} {answer}" for answer, ask in answers.items())])


def answered(ask: Callable[[Access, Mesh, str], object], access: Access, mesh: Mesh, word: str) -> Iterator[object]:
    """The answer, or what is said instead; nothing where that is only that there is none."""
    try:
        yield ask(access, mesh, word)
    except Unknown as error:
        if not str(error).endswith(f" {word.lower()}.") and not str(error).endswith(f" {word}."):
            yield error


class Told(NamedTuple):
    sentences: Sentences
    lines: list[str]


@cache
def of_the_example() -> Told:
    sentences = Sentences()
    return Told(sentences, of_documents(bank(), sentences))


def of_documents(mesh: Mesh, sentences: Sentences) -> list[str]:
    """What access says of what a mesh asks for, where the example was asked for before."""
    found = access_of(mesh)
    lines = [*said(access_of(bank()), found, mesh, sentences), *documented(found, mesh, sentences)]
    return [*lines, *looked_up(found, mesh)]


def held_to(name: str, sentences: Iterable[tuple[str, str]], lines: Iterable[str]) -> None:
    now = [*(f"{number} {each}" for each, number in sentences), *lines]
    known: dict[str, list[str]] = json.loads(SAID.read_text(encoding="utf-8")) if SAID.exists() else {}
    if os.environ.get("GOLDEN") == "refresh":
        known[name] = now
        SAID.write_text(json.dumps(known, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert now == known[name], "`make golden` if this is what people should see"


@pytest.mark.parametrize("number", range(SCENES))
def test_access_says_word_for_word(number: int) -> None:
    sentences = Sentences()
    lines = said(*drawn(number), bank(), sentences)
    held_to(str(number), sentences.known.items(), lines)


@pytest.mark.parametrize("number", range(POLICIES))
def test_ways_past_lake_formation_are_told_word_for_word(number: int) -> None:
    """Those of one drawing, and what they have more and less than those of the one before."""
    before, after = drawn_policies(number - 1), drawn_policies(number)
    found, sentences, lines = difference(before, after), Sentences(), []
    for path in other_paths(after):
        certain = "surely" if path.certain else "perhaps"
        names = after.tables[path.place].names(path.columns)
        lines.append(f"{path.principal} {path.place} {path.name} {certain}: {','.join(names)} {sentences([path.why])}")
    for how, those in entries(found):
        lines += [f"{how} {brief(each.as_json(), sentences)}" for each in those]
    held_to(f"policies {number}", sentences.known.items(), lines)


def test_the_example_says_word_for_word() -> None:
    sentences, lines = of_the_example()
    held_to("the example", sentences.known.items(), lines)


@pytest.mark.parametrize("name", MESHES)
def test_other_documents_say_word_for_word(name: str) -> None:
    """What the example does not say, too."""
    known, before = of_the_example()
    sentences = Sentences(known.known)
    lines = of_documents(MESHES[name](), sentences)
    new = [each for each in sentences.known.items() if each[0] not in known.known]
    same = {*before}
    held_to(name, new, (each for each in lines if each not in same))
