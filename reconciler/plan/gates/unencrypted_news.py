"""unencrypted-news: notices are encrypted, or it is said that they are not."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sns.topic import Topic
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

_SHOWN = 3
UNENCRYPTED_NEWS = Rule(
    "unencrypted-news",
    "warning",
    "The topics that carry notices are encrypted with a key of the central account.",
    "Write `notificationKey: alias/meshform-<mesh>` in mesh.yaml and deploy what `meshform bootstrap` prints: the key "
    "is in it. The key that AWS manages for SNS would not do, since EventBridge may not use it (docs/adr/0013).",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Topics without a key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    bare = [each for each in reviewed.wanted.of(Topic) if not each.spec.key]
    if bare:
        names = ", ".join(each.address.name for each in bare[:_SHOWN])
        more = f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else ""
        yield UNENCRYPTED_NEWS.broken(
            reviewed.mesh.settings.at("notificationKey"),
            f"The mesh has no notificationKey, so these topics are not encrypted: {names}{more}.",
        )
