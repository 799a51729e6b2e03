"""Whatever a batch of grants says of an entry, what is told as done is done, what failed is told in AWS's words, and a
second try does the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import Sessions
from reconciler.aws.writer import Writer
from reconciler.model.call import Call
from tests.aws.test_batch import grant
from tests.delay import Delay

COUNT = 5
GRANT, REVOKE = "GrantPermissions", "RevokePermissions"
FEW = ("Throttling", "InternalFailure", "AccessDenied", "SomethingNew", "")


def codes() -> Iterator[str]:
    """What Lake Formation's model knows as an error of any operation, and what stands in none."""
    model = botocore.session.get_session().get_service_model("lakeformation")
    yield from (name for name in model.shape_names if getattr(model.shape_for(name), "metadata", {}).get("exception"))
    yield from FEW


class Lake:
    """Lake Formation with rows by database. It refuses what is about `odd` with a code, `times` times."""

    def __init__(self, operation: str, code: str, odd: str, times: int) -> None:
        self.rows = {f"d{number}" for number in range(COUNT)} if operation == REVOKE else set[str]()
        self.code, self.odd, self.times = code, odd, times
        self.spoil: Any = lambda failure: failure

    def request(self, _: Writer, call: Call, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """One request, as `Writer.request` sends it."""
        if not operation.startswith("Batch"):
            if (error := self._done(operation, params)) is not None:
                raise ClientError({"Error": error, "ResponseMetadata": {}}, operation)
            return {}
        failures = []
        for entry in params["Entries"]:
            if (error := self._done(operation, entry)) is not None:
                said = {"ErrorCode": error["Code"], "ErrorMessage": error["Message"]}
                failures.append(self.spoil({"RequestEntry": dict(entry), "Error": said}))
        return {"Failures": failures}

    def _done(self, operation: str, params: dict[str, Any]) -> dict[str, str] | None:
        name = params["Resource"]["Database"]["Name"]
        if name == self.odd and self.times > 0:
            self.times -= 1
            return {"Code": self.code, "Message": "said the lake"}
        self.rows.add(name) if "Grant" in operation else self.rows.discard(name)
        return None


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Send all five calls of an operation to a lake; the databases that failed, with the words."""
    Delay().rule(monkeypatch)
    sessions = Sessions("nobody", "eu-west-1")

    def sent(lake: Lake, operation: str) -> dict[str, str]:
        monkeypatch.setattr(Writer, "request", lambda *given: lake.request(*given))
        # One thing more for each, so that none of it is all that there is.
        calls = [Call(each.placement, each.service, operation, each.params) for each in map(grant, range(COUNT))]
        failed = Sender(sessions, AwsReader(sessions)).send(calls)
        return {f"d{number}": words for number, words in failed.items()}

    return sent


def wanted(operation: str) -> set[str]:
    return {f"d{number}" for number in range(COUNT)} if operation == GRANT else set()


def is_done(lake: Lake, operation: str, name: str) -> bool:
    return (name in lake.rows) == (operation == GRANT)


@pytest.mark.parametrize("operation", [GRANT, REVOKE])
def test_what_is_told_as_done_is_done_whatever_the_code(send: Any, operation: str) -> None:
    gone = {"EntityNotFoundException"} if operation == REVOKE else set()
    for code, position, times in product(codes(), (0, 2, COUNT - 1), (1, 10**9)):
        lake = Lake(operation, code, f"d{position}", times)
        failed = send(lake, operation)
        case = (operation, code, position, times, failed)
        others = {f"d{number}" for number in range(COUNT)} - {lake.odd}
        assert all(is_done(lake, operation, name) for name in others), case
        assert failed.keys() <= {lake.odd}, case
        if code in gone:
            continue  # Nothing is left to take: a new reading says whether that is so (aws/confirm.py).
        assert is_done(lake, operation, lake.odd) == (not failed), case
        assert not failed or (code in failed[lake.odd] and "said the lake" in failed[lake.odd]), case
        assert not failed or times > 1, f"what was refused once is never tried again: {case}"
        lake.times = 0
        assert (send(lake, operation), lake.rows) == ({}, wanted(operation)), case


SPOILT = {
    "an entry that nobody has sent": lambda failure: {
        **failure,
        "RequestEntry": {**failure["RequestEntry"], "Id": "7"},
    },
    "no number": lambda failure: {**failure, "RequestEntry": {**failure["RequestEntry"], "Id": "first"}},
    "no entry": lambda failure: {"Error": failure["Error"]},
    "no error": lambda failure: {"RequestEntry": failure["RequestEntry"]},
}


@pytest.mark.parametrize("operation", [GRANT, REVOKE])
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_failure_that_cannot_be_told_whose_it_is_makes_nothing_done(send: Any, operation: str, spoilt: str) -> None:
    lake = Lake(operation, "AccessDeniedException", "d2", 10**9)
    lake.spoil = SPOILT[spoilt]
    failed = send(lake, operation)
    assert failed.keys() == {"d2"}
    assert "AccessDeniedException: said the lake" in failed["d2"]
    lake.times = 0
    assert (send(lake, operation), lake.rows) == ({}, wanted(operation))
