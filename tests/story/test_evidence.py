"""A month of a mesh, and what an auditor asks of it: each question one command, right to the row, also later."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from reconciler.sandbox import sandbox
from tests.estate import CENTRAL, NOBODY, REGION
from tests.forge.standin import GitHub
from tests.life.play import DEALS, SUBSCRIPTIONS, Play, subscription

pytestmark = pytest.mark.soak

REPORT = f"{SUBSCRIPTIONS}/deal-pipeline/deal-report.yaml"
OTHER = f"{SUBSCRIPTIONS}/late.yaml"
SUSPENSION = "mesh/suspensions/incident.yaml"
SUSPENDED = (
    "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nprincipal: analytics-coe/data-scientist\n"
    "reason: Key found in a public place.\nby: ciso\nticket: INC-7\n"
)


class Month:
    """The time of the story, for our program, git and the simulated AWS."""

    def __init__(self, play: Play) -> None:
        self.play, self.now = play, datetime(2026, 11, 1, 8, tzinfo=UTC)
        month = self

        class Then(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                # What follows each other has different times, as it has in life.
                month.now += timedelta(seconds=1)
                return month.now

        for module in ("journal", "applying", "pipeline", "snapshots.take", "snapshots.keeping", "history.on_day"):
            play.monkeypatch.setattr(f"reconciler.{module}.datetime", Then)
        # Credentials of the simulated AWS end by its time, and botocore looks at the machine's.
        play.monkeypatch.setattr("botocore.credentials.RefreshableCredentials._seconds_remaining", lambda _: 3600.0)
        for module in ("pipeline", "spec.today"):
            play.monkeypatch.setattr(f"reconciler.{module}.today", lambda: month.now.date())

    def day(self, number: int, hour: int = 9) -> None:
        later = datetime(2026, 11, number, hour, tzinfo=UTC)
        self.play.aws.world.clock.advance((later - self.now).total_seconds())
        self.now = later
        for role in ("AUTHOR", "COMMITTER"):
            self.play.monkeypatch.setenv(f"GIT_{role}_DATE", later.isoformat())


class Killed(BaseException):
    """The machine is gone."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    folder = tmp_path_factory.mktemp("month")
    with (
        sandbox(start=datetime(2026, 11, 1, 8, tzinfo=UTC)) as aws,
        GitHub(git=str(folder / "upstream")).served() as github,
        pytest.MonkeyPatch.context() as patch,
    ):
        play = Play(folder, github, aws, patch)
        month = Month(play)
        month.day(1)
        play.begin()
        run(play, "apply", "--auto-approve", "-q")
        play.github.records.ran("apply.yml", play.git("rev-parse", "main"), "success")
        _requested(play, month)
        _changed_by_hand(play, month)
        _suspended(play, month)
        _killed(play, month)
        _ended(play, month)
        month.day(25, 23)
        yield play


def run(play: Play, *words: str, code: int = 0) -> None:
    play.monkeypatch.chdir(play.upstream)
    assert play.meshform(*words) == code, words


def commit(play: Play, title: str) -> None:
    play.git("add", "--all", "mesh")
    play.git("commit", "--quiet", "--message", title)


def _requested(play: Play, month: Month) -> None:
    """On the third ada asks, ines approves, it is merged and applied; on the fifth a snapshot is kept."""
    month.day(3)
    text = subscription("deal-report", "internal", expires="2026-11-18")
    play.push("deals", {REPORT: text})
    number = play.open("deals")
    assert play.plan(number) == 0
    play.approve(number, DEALS)
    month.day(3, 11)
    assert play.apply(play.merge(number)) == 0
    month.day(5)
    run(play, "drift", "--keep", "-q")


def _changed_by_hand(play: Play, month: Month) -> None:
    """On the eighth somebody grants himself a restricted table; the ninth sees and repairs it."""
    month.day(8)
    allowed = {"Effect": "Allow", "Principal": {"AWS": CENTRAL}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [allowed]}
    iam = play.aws.session(CENTRAL).client("iam")
    iam.create_role(RoleName=NOBODY.rpartition("/")[2], AssumeRolePolicyDocument=json.dumps(trust))
    lake = play.aws.session(CENTRAL).client("lakeformation", region_name=REGION)
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": NOBODY},
        Resource={"Table": {"DatabaseName": "deal-pipeline", "Name": "deal"}},
        Permissions=["SELECT"],
    )
    month.day(9)
    run(play, "drift", "--keep", "-q", code=2)
    month.day(9, 12)
    run(play, "apply", "--auto-approve", "-q")
    month.day(10)
    run(play, "drift", "--keep", "-q")


def _suspended(play: Play, month: Month) -> None:
    month.day(12)
    path = play.upstream / SUSPENSION
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SUSPENDED)
    commit(play, "Suspend the data scientist (#55)")
    run(play, "apply", "--auto-approve", "-q")
    month.day(13)
    run(play, "drift", "--keep", "-q")


def _killed(play: Play, month: Month) -> None:
    """On the fifteenth the machine is gone after the first step of a run; the next run does the rest."""
    month.day(15)
    (play.upstream / OTHER).write_text(subscription("late", "public", product="asset-management/fund-prices"))
    commit(play, "Another one (#60)")

    def gone(*_: Any, **__: Any) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reconciler.aws.journal_store.Record.add", gone)
        patch.setattr("reconciler.aws.journal_store.Record.close", gone)
        with pytest.raises(Killed):
            run(play, "apply", "--auto-approve", "-q")
    month.day(15, 12)
    run(play, "unlock", *_lock(play))
    run(play, "apply", "--auto-approve", "-q")


def _lock(play: Play) -> list[str]:
    from reconciler import pipeline
    from reconciler.aws.lock import Lock

    mesh = pipeline.load_folder("mesh").mesh
    assert mesh is not None
    holder = Lock(mesh, pipeline.sessions_for(mesh, writes=True)).holder()
    return [holder.id] if holder is not None else []


def _ended(play: Play, month: Month) -> None:
    """The report ended on the eighteenth; on the twentieth it is taken away, on the twenty-second its document goes."""
    month.day(20)
    run(play, "apply", "--auto-approve", "-q")
    month.day(21)
    run(play, "drift", "--keep", "-q")
    month.day(22)
    (play.upstream / REPORT).unlink()
    commit(play, "Tidy up (#70)")
    run(play, "apply", "--auto-approve", "-q")


def ask(play: Play, capfd: pytest.CaptureFixture[str], *words: str) -> Any:
    capfd.readouterr()
    run(play, *words)
    out = capfd.readouterr().out
    return list(csv.DictReader(io.StringIO(out))) if "csv" in words else json.loads(out)


def history(play: Play, capfd: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(play, capfd, "history", *words, "--format", "json")["events"]
    return found


ANALYST = "analytics-coe/credit-analyst"


@pytest.mark.parametrize("gone", [False, True], ids=["as it is", "after the folder was deleted"])
def test_twelve_questions(told: Play, capfd: pytest.CaptureFixture[str], gone: bool) -> None:
    if gone:
        shutil.rmtree(told.upstream / "mesh")
    _asks_of_a_subscription(told, capfd)
    _asks_of_a_day(told, capfd)
    _asks_what_happened(told, capfd)
    _asks_how_it_stands(told, capfd)


def _asks_of_a_subscription(told: Play, capfd: pytest.CaptureFixture[str]) -> None:
    report = history(told, capfd, "subscription", "deal-report")
    asked = [each for each in report if each["event"] == "asked"]
    # 1 Who asked for it, by which pull request, who approved it; and who took it back?
    assert [(each["change"], each["pull_request"], each["author"], each["approved_by"]) for each in asked] == [
        ("added", 103, "ada", [DEALS]),
        ("removed", 70, "ada <ada@example.com>", []),
    ]
    # 2 When was it applied, and what came of it?
    assert [(each["applied"][:10], each["outcome"]) for each in asked] == [
        ("2026-11-03", "done"),
        ("2026-11-22", "done"),
    ]
    # 3 Who gained what by it, and who lost that when it had ended?
    people = [each for each in report if each["principal_type"] == "reader"]
    assert [(each["event"], each["who"], each["table"], each["columns"], each["at"][:10]) for each in people] == [
        ("gained", ANALYST, "deal-pipeline.deal", ["sector"], "2026-11-03"),
        ("lost", ANALYST, "deal-pipeline.deal", ["sector"], "2026-11-20"),
    ]


def _asks_of_a_day(told: Play, capfd: pytest.CaptureFixture[str]) -> None:
    def on(day: int) -> set[tuple[str, str, str]]:
        """State, person and column of the deals, of those who are neither stewards nor machinery."""
        found = ask(told, capfd, "access", "who-can", "deal", "--on", f"2026-11-{day:02}", "--format", "csv")
        rows = [each for each in found if each["permission"] == "SELECT"]
        rows = [each for each in rows if each["principal_type"] in ("reader", "other")]
        return {(each["state"], each["name"], each["column"]) for each in rows}

    # 4 Who could read the deals before that was asked for, and after it had ended?
    assert on(2) - {("had", ANALYST, "sector")} == set(), "the nearest snapshot is a later one, and says so"
    assert on(21) == on(25) == set()
    # 5 Who could read them on the fifth?
    assert on(5) == on(4) == {("both", ANALYST, "sector")}
    # 6 Who could by hand on the ninth, and still on the tenth?
    columns = ("deal_id", "sector", "stage", "target", "value_eur")
    assert on(9) == {("both", ANALYST, "sector"), *(("had", "central/somebody-else", each) for each in columns)}
    assert on(10) == {("both", ANALYST, "sector")}


def _asks_what_happened(told: Play, capfd: pytest.CaptureFixture[str]) -> None:
    # 7 What was changed by hand in the month, and what became of it?
    month = ("--since", "2026-11-01", "--until", "2026-11-30", "--format", "csv")
    changes = [each for each in ask(told, capfd, "report", "changes", *month) if each["principal"] == NOBODY]
    assert {(each["change"], each["how"], each["at"][:10], each["permission"]) for each in changes} == {
        ("gained", "by hand", "2026-11-08", "SELECT"),
        ("lost", "by run", "2026-11-09", "SELECT"),
    }
    every = ask(told, capfd, "report", "changes", *month)
    assert {each["principal"] for each in every if each["how"] == "by hand"} == {NOBODY}
    # 8 What did the incident take away, from whom, when?
    person = history(told, capfd, "principal", "analytics-coe/data-scientist")
    lost = [each for each in person if each["event"] == "lost"]
    assert {(each["at"][:10], each["table"], *each["subscriptions"]) for each in lost} == {
        ("2026-11-12", "credit-card.credit_card", "credit-risk-model")
    }
    # 9 By whose word, and by which pull request?
    (row,) = ask(told, capfd, "report", "exceptions", "--format", "csv")
    assert [row[each] for each in ("name", "of", "by", "ticket", "status", "pull_request", "applied")] == [
        "incident", "principal analytics-coe/data-scientist", "ciso", "INC-7", "in force", "#55",
        "2026-11-12T09:00:01Z",
    ]  # fmt: skip
    # 10 Which run was killed, what may it have done, and who did the rest?
    late = history(told, capfd, "subscription", "late")
    assert [each["outcome"] for each in late if each["event"] == "applied"] == ["killed", "done"]
    assert "sent, answer not seen" in next(each["detail"] for each in late if each["outcome"] == "killed")
    assert [each["applied"][:13] for each in late if each["event"] == "asked"] == ["2026-11-15T12"]


def _asks_how_it_stands(told: Play, capfd: pytest.CaptureFixture[str]) -> None:
    # 11 Which subscriptions are there at the end, and what becomes of them?
    found = ask(told, capfd, "report", "subscriptions", "--format", "csv")
    assert {each["subscription"]: (each["status"], each["pull_request"]) for each in found} == {
        "credit-risk-model": ("suspended", ""),
        "portfolio-report": ("active", ""),
        "late": ("without end", "#60"),
    }
    # 12 Who can read anything confidential at the end, of people who are neither stewards nor machinery?
    words = ("--on", "2026-11-25", "--label", "confidential", "--consumer", "analytics-coe", "--format", "csv")
    assert ask(told, capfd, "report", "access", *words) == []
    words = ("--on", "2026-11-05", "--label", "confidential", "--consumer", "analytics-coe", "--format", "csv")
    rows = ask(told, capfd, "report", "access", *words)
    assert {(each["state"], each["who"], each["column"], each["subscription"]) for each in rows} == {
        ("both", "analytics-coe/data-scientist", column, "credit-risk-model")
        for column in ("credit_history", "amount", "credit_risk")
    }
