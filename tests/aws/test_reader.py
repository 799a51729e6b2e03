"""The reader cannot write, reads nothing twice, and says what it did not see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler import pipeline
from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.errors import Unreachable
from reconciler.kinds import registry
from reconciler.model.call import Lookup
from reconciler.model.reader import Unseen
from tests.estate import CENTRAL, REGION, Estate, bank, placement, variant

HERE = placement(CENTRAL)
ROLE = "OrganizationAccountAccessRole"


@pytest.fixture
def reader(estate: Estate) -> AwsReader:
    return AwsReader(Sessions(ROLE, REGION))


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "CreateBucket"),
        ("glue", "DeleteDatabase"),
        ("lakeformation", "GrantPermissions"),
        ("iam", "PutRolePolicy"),
    ],
)
def test_a_reader_refuses_to_write(reader: AwsReader, estate: Estate, service: str, operation: str) -> None:
    with pytest.raises(AssertionError, match="is not a read"):
        reader.read(HERE, service, operation, {})
    assert not estate.aws.calls.of(service)


def test_every_read_of_every_kind_is_a_read_by_its_iam_actions() -> None:
    for kind in registry().values():
        for action in kind.reads:
            verb = action.split(":")[1]
            assert verb.startswith(("Get", "List", "Describe", "Search", "BatchGet")), (kind.name, action)


def test_the_same_request_is_sent_once_even_by_many_threads(reader: AwsReader, estate: Estate) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: reader.read(HERE, "lakeformation", "GetDataLakeSettings"), range(24)))
    assert len(estate.aws.calls.of("lakeformation")) == 1
    assert all(answer is answers[0] for answer in answers)


def test_an_expected_absence_is_none_and_any_other_refusal_is_unseen(reader: AwsReader) -> None:
    request = {"RoleName": "nobody", "PolicyName": "none"}
    assert reader.read(HERE, "iam", "GetRolePolicy", request, absent=("NoSuchEntity",)) is None
    with pytest.raises(Unseen, match="NoSuchEntity"):
        reader.read(HERE, "iam", "GetRolePolicy", request)


def test_all_pages_are_read(reader: AwsReader, estate: Estate) -> None:
    for number in range(5):
        estate.client("glue").create_database(DatabaseInput={"Name": f"d{number}"})
    rows = list(reader.pages(HERE, "glue", "GetDatabases", {"MaxResults": 2}, items="DatabaseList"))
    assert [row["Name"] for row in rows] == [f"d{number}" for number in range(5)]
    assert len(estate.aws.calls.of("glue", "GetDatabases")) == 3


def test_a_page_that_fails_is_no_end_of_the_list(reader: AwsReader, estate: Estate) -> None:
    for number in range(5):
        estate.client("glue").create_database(DatabaseInput={"Name": f"d{number}"})
    estate.aws.faults({"service": "glue", "operation": "GetDatabases", "nth": 2, "error": "InternalServiceException"})
    with pytest.raises(Unseen, match="InternalServiceException"):
        list(reader.pages(HERE, "glue", "GetDatabases", {"MaxResults": 2}, items="DatabaseList"))


def test_throttling_is_waited_out(reader: AwsReader, estate: Estate) -> None:
    estate.aws.faults({"service": "glue", "error": "ThrottlingException", "status": 400, "times": 2})
    assert list(reader.pages(HERE, "glue", "GetDatabases", items="DatabaseList")) == []
    assert len(estate.aws.calls.of("glue")) == 3


def test_a_lost_connection_is_tried_again(reader: AwsReader, estate: Estate) -> None:
    estate.aws.faults({"service": "glue", "reset": "before", "times": 1})
    assert list(reader.pages(HERE, "glue", "GetDatabases", items="DatabaseList")) == []


def test_observing_an_account_reads_nothing_twice(built: Estate) -> None:
    built.aws.calls.clear()
    reads: list[tuple[object, ...]] = []
    sent = AwsReader._send

    class Counting(AwsReader):
        def _send(self, *request: object) -> dict[str, object]:
            reads.append((*request[:3], repr(request[3])))
            return sent(self, *request)  # type: ignore[arg-type]

    observe(bank(), registry(), Counting(built.sessions))
    assert len(reads) == len(set(reads))
    assert len(reads) > 20


def test_missing_credentials_are_told_before_anything_is_read(monkeypatch: pytest.MonkeyPatch, estate: Estate) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(Unreachable, match="No AWS credentials were found"):
        pipeline.sessions_for(bank(), writes=False)
    assert len(estate.aws.calls) == 0


def test_the_role_of_plans_reads_and_the_role_of_apply_writes() -> None:
    mesh = variant(("mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: looks"))
    roles = mesh.settings.roles
    assert (roles.plan, roles.apply) == ("looks", ROLE)


def test_a_role_is_assumed_once_for_an_account(estate: Estate) -> None:
    sessions = Sessions(ROLE, REGION)
    for service in ("glue", "s3", "iam"):
        sessions.client(HERE, service)
        sessions.client(HERE, service)
    assert len(estate.aws.calls.of("sts", "AssumeRole")) == 1


def test_the_external_id_is_sent_where_the_mesh_names_one(estate: Estate) -> None:
    import json

    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::000000000001:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "secret"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    estate.client("iam").create_role(RoleName="guarded", AssumeRolePolicyDocument=document)
    Sessions("guarded", REGION, "secret").client(HERE, "iam")
    with pytest.raises(Unseen, match="guarded cannot be assumed"):
        Sessions("guarded", REGION).client(HERE, "iam")


class Circle:
    """A service that tells a page twice."""

    def client(self, *_: object) -> Circle:
        return self

    def list_roles(self, **request: str) -> dict[str, object]:
        told = {"": "a", "a": "b", "b": "a"}
        return {"Roles": [request.get("Marker", "")], "Marker": told[request.get("Marker", "")]}


def test_a_circle_of_pages_ends_as_a_gap() -> None:
    """Not in a run that never ends."""
    reader = AwsReader(Circle())  # type: ignore[arg-type]
    with pytest.raises(Unseen, match="the token of a page twice: a"):
        list(reader.pages(HERE, "iam", "ListRoles", items="Roles"))
    with pytest.raises(Unseen, match="twice"):
        reader.now(Lookup(HERE, "iam", "ListRoles", {}, "Roles"))


def test_what_is_worked_out_once_is_so_for_all_and_fails_for_all(reader: AwsReader) -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return made

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: reader.once("a", make), range(24)))
    assert made == [1]
    assert all(answer is made for answer in answers)

    def fail() -> None:
        made.append(2)
        raise Unseen("no")

    for _ in range(2):
        with pytest.raises(Unseen, match="no"):
            reader.once("b", fail)
    assert made == [1, 2]
