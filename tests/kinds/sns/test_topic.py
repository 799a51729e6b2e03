"""A topic's tags: others' stay, and AWS's own are never sent."""

from __future__ import annotations

from moto.sns.models import sns_backends

from tests.estate import Estate, specs, variant
from tests.kinds.s3.test_bucket import TAGGED


def test_only_tags_that_differ_are_sent(built: Estate) -> None:
    """CloudFormation's tags on a topic that it made may not be sent back (cloud-custodian#9093)."""
    topic = next(iter(specs("topic").values()))
    backend = sns_backends[topic.address.placement.account][topic.address.placement.region]
    tags = backend.topics[topic.handle]._tags
    tags |= {"aws:cloudformation:stack-name": "lake", "mine": "1"}
    before = dict(tags)
    built.fresh_sessions()
    built.repair(variant(TAGGED))
    assert backend.topics[topic.handle]._tags == {**before, "team": "data"}
