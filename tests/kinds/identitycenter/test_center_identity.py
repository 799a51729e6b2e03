"""Who is named by IAM Identity Center: looked up where it is asked for, and nowhere guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from reconciler.kinds.identitycenter.center_identity import CenterIdentityKind
from reconciler.model.reader import Reader, Unseen
from reconciler.spec.mesh import Mesh
from tests.estate import mesh_of
from tests.spec.small import FILES

LAB = "consumers/lab/consumer.yaml"
KIND = CenterIdentityKind()


def named(who: str) -> Mesh:
    return mesh_of({**FILES, LAB: FILES[LAB].replace("role: analyst}", f"{who}}}")})


class Store:
    """A reader to whom so many instances are shown, in each of which so many ids lead to a name."""

    def __init__(self, instances: int, knowing: int) -> None:
        self.instances, self.knowing, self.asked = instances, knowing, 0

    def pages(self, *_: Any, **__: Any) -> list[Mapping[str, str]]:
        return [{"IdentityStoreId": f"d-906723012{number}"} for number in range(self.instances)]

    def read(self, *_: Any, **__: Any) -> Mapping[str, str] | None:
        self.asked += 1
        return {"GroupId": "906769f4"} if self.asked <= self.knowing else None


def test_a_name_that_two_instances_know_is_nobodys() -> None:
    mesh = named("groupName: Data Analysts")
    (placement,) = KIND.placements(mesh)

    def look(instances: int, knowing: int) -> list[str | None]:
        return [each.handle for each in KIND.observe(cast("Reader", Store(instances, knowing)), placement, mesh)]

    assert look(2, 1) == ["arn:aws:identitystore:::group/906769f4"]
    assert look(2, 0) == []
    with pytest.raises(Unseen, match="give its id"):
        look(2, 2)
    with pytest.raises(Unseen, match="sees no instance of IAM Identity Center in eu-west-1"):
        look(0, 0)


def test_nobodys_store_is_looked_into_where_nobody_is_named_so() -> None:
    assert KIND.placements(named("role: analyst")) == ()
