"""Pictures of the comment: what a reviewer reads who does not know Lake Formation. `make golden` writes them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler import pipeline
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.plan.review import Review
from reconciler.report.comment import comment
from reconciler.report.outline import outline
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, bank, example, placement, variant
from tests.life.play import subscription
from tests.report.test_golden import seen
from tests.report.test_verdict import PROFILE, REPORT, changes, reviewed, revoked, wanted

DEALS = "consumers/analytics-coe/subscriptions/deals.yaml"


def first_access() -> Review:
    """Somebody reads a product for the first time, up to the most sensitive label."""
    head = variant(more={DEALS: subscription("deals", "internal, confidential, restricted")})
    return reviewed(wanted(), head)


def widened() -> Review:
    return reviewed(wanted(), variant((REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")))


def label_lowered() -> Review:
    return reviewed(wanted(), changes()[5])


def hand_revoked() -> Review:
    return reviewed(revoked(), changes()[0])


def doubt() -> Review:
    """A clearance is widened while a part of AWS was not seen."""
    there = placement(ANALYTICS)
    gap = Gap("grant", there, "lakeformation.ListPermissions: AccessDeniedException: not for you")
    head = variant((REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]"))
    found = Snapshot(
        each for each in wanted().values() if not (isinstance(each.spec, Grant) and each.address.placement == there)
    )
    return pipeline.review(head, observation=Observation(found, (gap,)), base=bank(), base_name="main")


def shifted_column() -> Review:
    """Two columns of a CSV change places: values of one are read under the name of the other."""
    return reviewed(wanted(), swapped())


def swapped() -> Mesh:
    text = example()[PROFILE]
    blocks = text.split("      - name: ")
    sex = next(number for number, block in enumerate(blocks) if block.startswith("personal_status_sex"))
    rate = next(number for number, block in enumerate(blocks) if block.startswith("installment_rate"))
    blocks[sex], blocks[rate] = blocks[rate], blocks[sex]
    return variant((PROFILE, text, "      - name: ".join(blocks)))


@pytest.mark.parametrize("picture", [first_access, widened, label_lowered, hand_revoked, doubt, shifted_column])
def test_the_comment(picture: Callable[[], Review]) -> None:
    seen(f"comment-{picture.__name__.replace('_', '-')}.md", comment(picture()))


@pytest.mark.parametrize("picture", [first_access, widened, label_lowered, hand_revoked, doubt, shifted_column])
def test_a_gain_and_a_loss_are_told_in_full_once(picture: Callable[[], Review]) -> None:
    review = picture()
    assert review.access is not None
    told = [line for section in outline(review) if section.name == "access" for line in section.lines]
    for mark, entries in (("+", review.access.gained), ("-", review.access.lost)):
        for entry in entries:
            about = [line for line in told if line.mark == mark and entry.label in line.text]
            assert len(about) == len([each for each in entries if each.label == entry.label]) or not told
