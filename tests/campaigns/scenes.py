"""Scenes of the campaigns by name: the example mesh and what changes in it, one of every kind, an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.kinds import registry
from tests.campaigns.by_command import BY_COMMAND
from tests.campaigns.furnished import FURNISHED
from tests.campaigns.imported import IMPORTS
from tests.campaigns.scene import KEPT, Scene, files
from tests.estate import ROOT
from tests.kinds.cases import case
from tests.kinds.full import full
from tests.story.test_no_gap import TRANSITIONS

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
SUBSCRIPTIONS = "consumers/analytics-coe/subscriptions/"
SUSPENDED = """\
apiVersion: meshform/v1
kind: Suspension
name: key-in-public
principal: analytics-coe/credit-analyst
reason: A key was found in public.
by: dora
"""
CASES = ROOT / "tests" / "kinds" / "cases"
_KEPT_IN_FULL = ("mesh.yaml", "limits:", KEPT)


def scenes() -> Mapping[str, Scene]:
    """Every scene by its name."""
    return {scene.name: scene for scene in _scenes()}


def _scenes() -> Iterator[Scene]:
    yield Scene("the first apply", None, files())
    for name, (before, after) in TRANSITIONS.items():
        yield Scene(name, files(*before), files(*after))
        yield Scene(f"{name}, taken back", files(*after), files(*before))
    none = files(without=(SUBSCRIPTIONS,))
    yield Scene("subscriptions come", none, files())
    yield Scene("subscriptions go", files(), none)
    less = files(without=(SUBSCRIPTIONS, CREDIT))
    yield Scene("a product comes with its readers", less, files())
    yield Scene("a product goes with its readers", files(), less)
    yield Scene("a consumer goes", files(), files(without=("consumers/analytics-coe/",)))
    yield Scene("a principal is suspended", files(), files(more={"suspensions/key-in-public.yaml": SUSPENDED}))
    yield Scene("a suspension is lifted", files(more={"suspensions/key-in-public.yaml": SUSPENDED}), files())
    yield Scene("destroy", files(), files(), is_end=True)
    yield from _of_every_kind()
    yield from IMPORTS
    yield from BY_COMMAND
    yield from FURNISHED


def _of_every_kind() -> Iterator[Scene]:
    """One of everything is made, changed in each field that can change, and taken down."""
    whole = full(_KEPT_IN_FULL)
    yield Scene("one of everything comes", None, whole)
    for kind in registry():
        for name, edits in case(kind).edits.items() if (CASES / f"{kind.replace('-', '_')}.py").exists() else ():
            changed = full(_KEPT_IN_FULL, *edits)
            yield Scene(f"{kind}: {name}", whole, changed, near=whole)
            yield Scene(f"{kind}: {name}, taken back", changed, whole, near=whole)
    yield Scene("one of everything goes", whole, whole, is_end=True, near=whole)
