"""What has ended or is suspended gives nothing: nobody whom it names reads, and nobody else gains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import Access, difference
from reconciler.access.facts.access_fact import AccessFact
from reconciler.access.facts.of_state import facts_of
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.spec.in_force import is_suspended
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn, principal_identity
from tests.estate import TODAY, access_of, mesh_of
from tests.kinds.full import full


@cache
def whole() -> Mesh:
    """The mesh with everything that the language has, nobody suspended."""
    return mesh_of(full())


def suspended(**said: Any) -> Mesh:
    """That mesh with a suspension."""
    document = {"apiVersion": "meshform/v1", "kind": "Suspension", "name": "incident", "reason": "x", "by": "y", **said}
    return mesh_of({**full(), "suspensions/incident.yaml": yaml.safe_dump(document)})


def reading(access: Access, mesh: Mesh) -> list[AccessFact]:
    """Every column that somebody reads by the documents of consumers."""
    return [fact for fact in facts_of(access, mesh) if fact.is_reading and fact.principal_type == "reader"]


SUBJECTS: Mapping[str, Iterable[Any]] = {
    "consumer": sorted(whole().consumers),
    "subscription": sorted(whole().subscriptions),
    "product": sorted(whole().products),
    "principal": sorted(f"{each.name}/{one.name}" for each in whole().consumers.values() for one in each.principals),
    "tag": [{tag.name: value} for tag in whole().tags.values() for value in tag.value_names],
}
EACH = [(subject, value) for subject, values in SUBJECTS.items() for value in values]


def is_meant(fact: AccessFact, subject: str, value: Any) -> bool:
    """Whether a suspension of that is about a fact."""
    match subject:
        case "consumer":
            return fact.consumer == value
        case "subscription":
            return fact.subscriptions == (value,)
        case "product":
            return fact.product == value
        case "principal":
            return f"{fact.consumer}/{fact.name.rpartition('/')[2]}" == value
        case _:
            return bool(set(fact.labels) & set(value.items()))


@pytest.mark.parametrize(("subject", "value"), EACH, ids=[f"{subject}-{value}" for subject, value in EACH])
def test_a_suspension_takes_what_it_names_and_gives_nobody_anything(subject: str, value: Any) -> None:
    mesh = suspended(**{subject: value})
    before, after = access_of(whole()), access_of(mesh)
    left = [fact for fact in reading(after, mesh) if is_meant(fact, subject, value)]
    assert not left, left[0]
    assert not difference(before, after).gained


@pytest.mark.parametrize(("subject", "value"), [each for each in EACH if each[0] != "tag"])
def test_a_suspension_takes_nothing_from_others(subject: str, value: Any) -> None:
    mesh = suspended(**{subject: value})
    kept = {fact.key for fact in reading(access_of(mesh), mesh)}
    lost = [fact for fact in reading(access_of(whole()), whole()) if fact.key not in kept]
    assert lost
    assert all(is_meant(fact, subject, value) for fact in lost)


def ways(arn: str) -> list[str]:
    """Ways in which AWS, a log, or somebody by heart writes a role or user."""
    head, name = arn.rpartition("/")[0].partition("/")[0], arn.rpartition("/")[2]
    session = head.replace(":iam:", ":sts:").replace(":role", ":assumed-role")
    sessions = [f"{session}/{name}/somebody@example.com", f"{session}/{name}"] if ":role" in head else []
    return [arn, f"{head}/{name}", f"{head}/any/other/{name}", f"{head}/{name.upper()}", *sessions]


def test_however_a_principal_is_written_the_same_is_suspended() -> None:
    """The path of a role stands in no log of who did something, and its session in every one."""
    for consumer in whole().consumers.values():
        for principal in consumer.principals:
            arn = principal_arn(whole(), consumer, principal)
            if ":role/" in arn or ":user/" in arn:
                by_name = suspended(principal=f"{consumer.name}/{principal.name}")
                for way in ways(arn):
                    mesh = suspended(principal=way)
                    assert mesh.subscriptions == by_name.subscriptions, way
                    assert is_suspended(mesh, arn), way


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("arn:aws:iam::111111111111:role/a/x", "arn:aws:iam::111111111111:user/x", False),
        ("arn:aws:iam::111111111111:role/a/x", "arn:aws:iam::222222222222:role/a/x", False),
        ("arn:aws:iam::111111111111:role/x", "arn:aws:sts::111111111111:assumed-role/x/y", True),
        ("arn:aws:iam::111111111111:role/y", "arn:aws:sts::111111111111:assumed-role/x/y", False),
        (
            "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_0123456789abcdef",
            "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Read",
            True,
        ),
        ("111111111111", "222222222222", False),
    ],
)
def test_roles_and_users_are_told_apart(one: str, other: str, same: bool) -> None:
    assert (principal_identity(one) == principal_identity(other)) == same


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(EACH), min_size=2, max_size=4, unique_by=str))
def test_several_suspensions_take_what_each_of_them_takes(chosen: list[tuple[str, Any]]) -> None:
    files = dict(full())
    for number, (subject, value) in enumerate(chosen):
        said = {"apiVersion": "meshform/v1", "kind": "Suspension", "name": f"s{number}", "reason": "x", "by": "y"}
        files[f"suspensions/s{number}.yaml"] = yaml.safe_dump({**said, subject: value})
    mesh = mesh_of(files)
    for fact in reading(access_of(mesh), mesh):
        assert not any(is_meant(fact, *each) for each in chosen)


def test_a_suspension_is_over_after_its_last_day() -> None:
    consumer = sorted(whole().consumers)[0]
    assert suspended(consumer=consumer, until=TODAY).subscriptions != whole().subscriptions
    assert suspended(consumer=consumer, until=date(2026, 11, 21)).subscriptions == whole().subscriptions


def test_an_ended_subscription_is_as_one_that_is_not_there() -> None:
    """On its last day it still gives all; the day after, what a mesh without its document gives."""
    files = full()
    ends = [(path, text) for path, text in files.items() if "kind: Subscription" in text]
    for path, text in ends:
        document = yaml.safe_load(text)
        ended = yaml.safe_dump({**document, "expires": date(2026, 11, 21)})
        on_its_day = yaml.safe_dump({**document, "expires": TODAY})
        without = {name: each for name, each in files.items() if name != path}
        assert wanted({**files, path: ended}) == wanted(without)
        assert wanted({**files, path: on_its_day}) == wanted(files)


def wanted(files: Mapping[str, str]) -> dict[Any, Any]:
    return {address: each.spec for address, each in compile_mesh(mesh_of(files), registry()).items()}
