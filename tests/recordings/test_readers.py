"""Every reader takes what AWS was seen to answer, whatever is absent from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from reconciler.kinds import AnyKind, registry
from reconciler.kinds.lakeformation import lf_codec
from reconciler.model.address import Placement
from reconciler.model.reader import Unseen
from tests.estate import bank, mesh_of
from tests.kinds.full import full
from tests.recordings.records import ANSWERS, REFUSALS, Record


@dataclass
class Recorded:
    """A Reader to whom AWS answers one record, and nothing to anything else."""

    record: Record
    role: str = "steward"
    asked: int = 0

    def read(
        self,
        placement: Placement,
        service: str,
        operation: str,
        params: Any = None,
        absent: tuple[str, ...] = (),
    ) -> dict[str, Any] | None:
        if (service, operation) != (self.record.service, self.record.operation):
            return {}
        self.asked += 1
        if self.record.error is None:
            return self.record.response
        if self.record.error["code"] in absent:
            return None
        raise Unseen(self.record.error["message"])

    def once(self, key: str, make: Any) -> Any:
        return make()

    def pages(
        self, placement: Placement, service: str, operation: str, params: Any = None, *, items: str
    ) -> Iterator[Any]:
        yield from (self.read(placement, service, operation, params) or {}).get(items, ())


def readers_of(record: Record) -> list[AnyKind]:
    """The kinds that read by the operation of a record."""
    return [kind for kind in registry().values() if f"{record.service}:{record.operation}" in kind.reads]


READ = [(record, kind) for record in (*ANSWERS, *REFUSALS) for kind in readers_of(record)]


@pytest.mark.parametrize(("record", "kind"), READ, ids=[f"{record.id}-{kind.name}" for record, kind in READ])
def test_a_reader_takes_a_recorded_answer(record: Record, kind: AnyKind) -> None:
    """It finds something or nothing, or says that it cannot see; it breaks on none."""
    for mesh in (bank(), mesh_of(full())):
        for placement in kind.placements(mesh):
            with suppress(Unseen) if record.error else nullcontext():
                list(kind.observe(Recorded(record), placement, mesh))


def test_most_reads_of_the_product_are_recorded() -> None:
    recorded = {f"{record.service}:{record.operation}" for record in (*ANSWERS, *REFUSALS)}
    lake = {action for kind in registry().values() for action in kind.reads if action.startswith("lakeformation:")}
    assert {"lakeformation:ListPermissions", "lakeformation:GetDataLakeSettings"} <= recorded & lake


@pytest.mark.parametrize(
    "record", [each for each in ANSWERS if each.operation == "ListPermissions"], ids=lambda record: record.id
)
def test_every_permission_of_a_recorded_row_is_read(record: Record) -> None:
    assert record.response is not None
    for row in record.response["PrincipalResourcePermissions"]:
        found = list(lf_codec.decode(row, "111111111111"))
        assert {grant.permission for grant in found} == {*row["Permissions"]}
        assert {grant.permission for grant in found if grant.grantable} == {*row["PermissionsWithGrantOption"]}
