"""ARNs of a mesh are of its partition, and the key of its topics is of their region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.names import partition
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

PARTITION = Rule(
    "other-partition",
    "error",
    "Everything that a mesh names by an ARN is in its partition of AWS.",
    "China and GovCloud share no account, role or key with the rest of AWS "
    "(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html). "
    "Correct the ARN.",
)
NOTICE_KEY = Rule(
    "notification-key-region",
    "error",
    "The key of the notices is in the region of the mesh.",
    "SNS encrypts a topic with a key of the topic's region only "
    "(https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html). Name a key of that region, or its alias.",
)
_ARN = re.compile(r"arn:(aws[a-z-]*):\S+")
_NAMED = re.compile(r'"arn:(aws[a-z-]*):')
_FOR_PEOPLE = frozenset({"description", "purpose", "reason"})
Way = tuple[str | int, ...]


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about ARNs."""
    for settings in unchecked.all(Settings)[:1]:
        own = partition(settings.region)
        # Products are long, and name nothing by an ARN.
        for document in (each for _, each in unchecked.entries if not isinstance(each, Product)):
            # Few documents name anything elsewhere, and to look for that in JSON takes a tenth of the time.
            named = any(each != own for each in _NAMED.findall(document.model_dump_json(by_alias=True)))
            for way, text in _texts(document.model_dump(by_alias=True)) if named else ():
                found = _ARN.fullmatch(text)
                if found and found[1] != own:
                    yield PARTITION.broken(
                        document.at(*way), f"{text} is in the partition {found[1]}, and {settings.region} in {own}"
                    )
        key = settings.notification_key or ""
        if key.startswith("arn:") and key.split(":")[3] != settings.region:
            yield NOTICE_KEY.broken(settings.at("notificationKey"), f"{key} is not in {settings.region}")


def _texts(value: object, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Every text of a document but those for people, and the way to it."""
    match value:
        case str():
            yield way, value
        case Mapping():
            for name, inner in value.items():
                if name not in _FOR_PEOPLE:
                    yield from _texts(inner, (*way, str(name)))
        case list() | tuple():
            for number, inner in enumerate(value):
                yield from _texts(inner, (*way, number))
        case _:
            return
