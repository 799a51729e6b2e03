"""Recertification: rounds come to an end, ask by a value that is there, and nobody has answered on a day to come."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.settings import Recertification, Settings
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.rule import Rule
from reconciler.spec.terms import days
from reconciler.spec.unchecked_mesh import UncheckedMesh

ROUND = Rule(
    "recertification-round",
    "error",
    "A round of recertification is over before the next one begins.",
    "Owners have `answer` to answer; make it shorter than `every`.",
)
SENSITIVITY = Rule(
    "recertification-from",
    "error",
    "Recertification asks from a value of the ordered sensitivity key on.",
    "Name a value of the mesh's sensitivityKey, whose LFTag says `ordered: true`; or leave it out, and all are asked.",
)
FUTURE = Rule(
    "confirmed-later",
    "error",
    "Nobody has confirmed a subscription on a day that is still to come.",
    "It would be an answer to rounds that have not begun. Write the day on which it was confirmed.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about rounds of recertification and the answers to them."""
    for settings in unchecked.all(Settings)[:1]:
        if settings.recertification is not None:
            yield from _rounds(unchecked, settings, settings.recertification)
    for subscription in unchecked.all(Subscription):
        if subscription.confirmed is not None and subscription.confirmed.at > unchecked.today:
            at = subscription.at("confirmed", "at")
            yield FUTURE.broken(at, f"{subscription.confirmed.at} is still to come")


def _rounds(unchecked: UncheckedMesh, settings: Settings, asked: Recertification) -> Iterator[Finding]:
    if days(asked.answer) >= days(asked.every):
        at = settings.at("recertification", "answer")
        yield ROUND.broken(at, f"owners have {asked.answer} to answer, and are asked every {asked.every}")
    tag = unchecked.named(LFTag).get(settings.sensitivity_key)
    if asked.sensitivity is not None and tag is not None:
        at = settings.at("recertification", "sensitivity")
        if asked.sensitivity not in tag.value_names:
            near = unchecked.near(asked.sensitivity, tag.value_names)
            yield SENSITIVITY.broken(at, f"{tag.name} has no value {asked.sensitivity}{near}")
        elif not tag.ordered:
            yield SENSITIVITY.broken(at, f"the values of {tag.name} have no order; leave it out")
