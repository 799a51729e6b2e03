"""Where the tags of an account's resources are kept: in our own services, and in moto's backends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

Tagged = tuple[str, dict[str, str]]


def tagged(world: World, account: str, region: str) -> Iterator[Tagged]:
    """ARN and tags of everything in an account and region that can carry AWS tags.

    IAM's roles are not among them: AWS's tagging API does not know them.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    """
    yield from world.glue.account(account).tags.items()
    yield from world.athena.account(account).tags.items()
    yield from _buckets(account, region)
    yield from _topics(account, region)
    yield from _events(account, region)
    yield from _brews(account, region)


def _buckets(account: str, region: str) -> Iterator[Tagged]:
    from moto.s3.models import s3_backends

    backend = s3_backends[account]["aws"]
    for bucket in backend.buckets.values():
        if bucket.region_name == region:
            yield bucket.arn, backend.tagger.get_tag_dict_for_resource(bucket.arn)


def _topics(account: str, region: str) -> Iterator[Tagged]:
    from moto.sns.models import sns_backends

    for topic in sns_backends[account][region].topics.values():
        yield topic.arn, dict(topic._tags)


def _events(account: str, region: str) -> Iterator[Tagged]:
    from moto.events.models import events_backends

    backend = events_backends[account][region]
    for bus in backend.event_buses.values():
        yield bus.arn, backend.tagger.get_tag_dict_for_resource(bus.arn)
        for rule in bus.rules.values():
            yield rule.arn, backend.tagger.get_tag_dict_for_resource(rule.arn)


def _brews(account: str, region: str) -> Iterator[Tagged]:
    from moto.databrew.models import databrew_backends

    backend = databrew_backends[account][region]
    for name, dataset in backend.datasets.items():
        yield f"arn:aws:databrew:{region}:{account}:dataset/{name}", dict(dataset.tags or {})
    for name, job in backend.jobs.items():
        yield f"arn:aws:databrew:{region}:{account}:job/{name}", dict(job.tags or {})
    for name, recipe in backend.recipes.items():
        latest = recipe.latest_working or recipe.latest_published
        yield f"arn:aws:databrew:{region}:{account}:recipe/{name}", dict(latest.tags or {}) if latest else {}
