"""Who must approve what: governance for the most sensitive alone, owners for what is taken from their readers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.owners.approval import demands
from reconciler.owners.asked import unasked
from reconciler.owners.codeowners import codeowners
from reconciler.owners.documents import documents, same
from reconciler.owners.handles import Handles
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products
from tests.estate import Edit, variant
from tests.life.play import subscription
from tests.owners.asking import CASES, CREDIT, FUNDS, INCIDENT, OTHERS, Asked, new
from tests.owners.teams import DEAL_OWNER, GOVERNANCE
from tests.owners.test_authority import opened

OTHERWISE: dict[str, dict[str, Edit]] = {
    CREDIT: {
        "words": (CREDIT, "description: One row per credit applicant with", "description: One row per person with"),
        "label": (CREDIT, "sensitivity: restricted", "sensitivity: internal"),
    },
    FUNDS: {
        "words": (FUNDS, "description: Net asset value of every fund", "description: What every fund is worth"),
        "label": (FUNDS, "sensitivity: confidential", "sensitivity: internal"),
    },
}
WRITERS = ("", "writers: [{name: dbt, role: dbt}]\n", "writers: [{name: loader, role: loader}]\n")


def with_writers(path: str, writers: str, *edits: Edit) -> Mesh:
    """The example with such writers of a product."""
    return variant(*edits, (path, "kind: Product\n", f"kind: Product\n{writers}"))


@settings(max_examples=40)
@given(
    st.sampled_from([CREDIT, FUNDS]),
    st.sets(st.sampled_from(["words", "label"])),
    st.sampled_from(WRITERS),
    st.sampled_from(WRITERS),
)
def test_of_a_product_governance_is_asked_for_the_most_sensitive_alone(
    path: str, made: set[str], before: str, after: str
) -> None:
    old, new = with_writers(path, before), with_writers(path, after, *(OTHERWISE[path][each] for each in sorted(made)))
    asked = demands(old, new)
    lowers, writes = "label" in made, bool(after) and before != after
    assert {each.way for each in asked} == {
        *(["owner"] if made or before != after else []),
        *(["governance"] if path == CREDIT and (lowers or writes) else []),
    }
    assert {each.who for each in asked if each.way == "governance"} <= {GOVERNANCE}
    told = [each.why for each in asked if each.way == "governance"]
    assert any("would be restricted no more" in why for why in told) == (path == CREDIT and lowers)
    assert any("read whole files" in why for why in told) == (path == CREDIT and writes and not lowers)


MORE = {
    "consumers/analytics-coe/subscriptions/funds.yaml": subscription(
        "funds", "public", product="asset-management/fund-prices", principals="[credit-analyst]"
    ),
    "consumers/analytics-coe/subscriptions/deals.yaml": subscription(
        "deals", "internal", principals="[data-scientist]"
    ),
}
SUBJECTS = (
    "product: consumer-banking/credit-profile",
    "product: asset-management/fund-prices",
    "subscription: portfolio-report",
    "subscription: deals",
    "principal: analytics-coe/data-scientist",
    "principal: analytics-coe/credit-analyst",
    "consumer: analytics-coe",
)


def suspended(*subjects: str) -> Iterable[Mesh]:
    """The example with more subscriptions, and the same under a suspension."""
    yield variant(more=MORE)
    said = "\n".join(subjects)
    head = f"apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: A key was found.\nby: ciso\n{said}\n"
    yield variant(more={**MORE, "suspensions/consumer-banking/incident.yaml": head})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_whoever_owns_what_a_suspension_takes_from_its_readers_may_ask_for_it(subject: str) -> None:
    before, after = suspended(subject)
    (asked,) = demands(before, after)
    taken = {name for name, _ in {*opened(before)} - {*opened(after)}}
    assert taken
    assert {*asked.instead} == {before.products[name].owner for name in taken}
    assert asked.who == GOVERNANCE


def test_a_principal_is_whose_consumer_it_is_and_not_a_namesake_of_his() -> None:
    """The other consumer has one of that name, too, who reads something else."""
    there = {**OTHERS, **new("internal", consumer="others", principals="[data-scientist]")}
    said = {"suspensions/incident.yaml": f"{INCIDENT}principal: others/data-scientist\n"}
    (asked,) = demands(variant(more=there), variant(more={**there, **said}))
    assert asked.instead == (DEAL_OWNER,)
    said = {"suspensions/incident.yaml": f"{INCIDENT}principal: others/reader\n"}
    (asked,) = demands(variant(more=there), variant(more={**there, **said}))
    assert asked.instead == ()


def test_the_owner_of_a_label_may_ask_for_a_suspension_of_what_carries_it() -> None:
    before, after = suspended("tag: {subject: credit}")
    (asked,) = demands(before, after)
    assert (asked.who, asked.instead) == (GOVERNANCE, ("data-mesh-steward",))


def test_a_suspension_that_github_shows_to_an_owner_waits_for_nobody_else() -> None:
    before, after = suspended(SUBJECTS[0])
    file = codeowners(before, "mesh", Handles("acme", "rulers"))
    assert unasked(before, after, file, "mesh") == frozenset()
    before, after = suspended(SUBJECTS[1])
    assert unasked(before, after, file, "mesh") == {GOVERNANCE}


def asks(before: Mesh, after: Mesh) -> Asked:
    """Who must approve what, and why."""
    found = demands(before, after)
    return {(f"{each.document.kind} {each.document.name}", each.way, each.who, each.why) for each in found}


@pytest.mark.parametrize("case", CASES)
def test_who_must_approve_is_said_with_why(case: str) -> None:
    before, after, expected = CASES[case]
    assert asks(before, after) == expected


def test_of_whatever_changes_somebody_is_asked_and_governance_comes_first() -> None:
    """Each case, and what takes it back; and no case to another one."""
    every = [mesh for before, after, _ in CASES.values() for mesh in (before, after)]
    for before, after in [*pairwise(every), *pairwise(reversed(every))]:
        old, new_ = documents(before), documents(after)
        found = demands(before, after)
        changed = {key for key in old.keys() | new_.keys() if not same(old.get(key), new_.get(key))}
        # A subscription that reached nothing takes nothing from anybody when it goes.
        idle = {
            ("Subscription", name) for name, each in before.written.items() if not subscribed_products(before, each)
        }
        asked = {(each.document.kind, each.document.name) for each in found}
        assert changed - (idle - new_.keys()) <= asked <= changed
        ways = [("governance", "owner", "automatic").index(each.way) for each in found]
        assert ways == sorted(ways)
        assert all(bool(each.who) == (each.way != "automatic") for each in found)


NEWS = {
    "a team": ("emails", "data-mesh-steward", True),
    "a team's address": ("emails", "data-mesh-steward@example.com", True),
    "the consumer's address": ("emails", "analytics-coe@example.com", True),
    "a stranger": ("emails", "mallory@evil.example", False),
    "a stranger at the team's host": ("emails", "mallory@example.com", False),
    "the consumer's account": ("queue", "arn:aws:sqs:eu-west-1:444444444444:news", True),
    "another account of the mesh": ("queue", "arn:aws:sqs:eu-west-1:222222222222:news", False),
    "a stranger's account": ("queue", "arn:aws:sqs:eu-west-1:999999999999:news", False),
}


@settings(max_examples=30)
@given(st.sets(st.sampled_from([*NEWS]), max_size=4), st.booleans())
def test_the_owner_is_asked_where_news_would_go_to_whom_nobody_has_approved(chosen: set[str], is_new: bool) -> None:
    """A subscription that nobody needs to approve goes to its consumer, to teams, or to nobody. New or changed."""
    emails = [NEWS[each][1] for each in sorted(chosen) if NEWS[each][0] == "emails"]
    queues = [NEWS[each][1] for each in sorted(chosen) if NEWS[each][0] == "queue"][:1]
    told = {"emails": f"[{', '.join(emails)}]", **({"queue": f"'{queues[0]}'"} if queues else {})}
    written = ", ".join(f"{field}: {value}" for field, value in told.items())
    path = "consumers/analytics-coe/subscriptions/funds.yaml"
    fields = {"product": "asset-management/fund-prices", "notify": f"{{{written}}}"}
    bare = {path: subscription("funds", "public", product=fields["product"])}
    before = variant(more=None if is_new else bare)
    asked = demands(before, variant(more={path: subscription("funds", "public", **fields)}))
    besides = [each for each in (*emails, *queues) if not {place: fine for _, place, fine in NEWS.values()}[each]]
    assert {(each.way, each.who) for each in asked} == {
        ("owner", "asset-management-stewards") if besides else ("automatic", "")
    }
    assert all(each in asked[0].why for each in besides)
