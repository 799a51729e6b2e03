"""Every question of every command, at a real terminal: wrong answers are asked again with the reason, none is lost."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cli.conftest import Run, contents
from tests.cli.terminal import CTRL_C, CTRL_D, ESCAPE, Person
from tests.estate import EXAMPLE

SAME = ("", "a\x1b[Ab\x02", "x" * 3000)
"""What is wrong as the name of anything that is there."""


@dataclass(frozen=True)
class Asks:
    """A question: its option (or argument), how it begins, what is wrong as its answer, and what is right."""

    option: str
    begins: str
    wrong: tuple[str, ...]
    right: str


WHY = Asks("--why", "What for", ("", "work"), "Compare funds with credits.")
ENDS = ("soon", "2020-01-01", "2027-02-30", "01.02.2027")
DAY = Asks("--until", "Last day of", ("", *ENDS), "2027-06-30")
ABOUT = Asks("--description", "What it ", ("", " ", f"a{ESCAPE}"), "Shops.")
OWNER = Asks("--owner", "Who answers", ("", "data-mesh-stewards"), "data-mesh-steward")
ASKED: Mapping[str, tuple[Asks, ...]] = {
    "new account": (
        Asks("--name", "Name of the account", ("", "!!!", "central", "x" * 300), "sales-data"),
        Asks("--id", "Its id", ("", "5555", "222222222222", "12345678901a"), "555555555555"),
        Asks("--parts", "What it does", ("", ",", "cook", "producer,reader"), "producer"),
        Asks("--description", "What it is for", (f"a{ESCAPE}",), ""),
    ),
    "new team": (
        Asks("--name", "Name of the team", ("", "!!!", "data-mesh-steward"), "Sales Stewards"),
        Asks("--description", "What it decides", ("", " "), "Decides about sales."),
        Asks("--github", "Its team at GitHub", ("sales", "a b/c", "a/b/c"), ""),
        Asks("--members", "Its members", ("", "a b", "-a"), "ada,bob"),
        Asks("--email", "Its address", ("nobody", "a@"), "sales@example.com"),
    ),
    "new domain": (
        Asks("--name", "Name of the domain", ("", "Consumer Banking"), "sales"),
        ABOUT,
        OWNER,
        Asks("--account", "Account with its data", ("", "bankng-data", "analytics"), "banking-data"),
    ),
    "new consumer": (
        Asks("--name", "Name of the consumer", ("", "analytics-coe"), "dash"),
        Asks("--description", "Who that is", ("",), "Dashboards."),
        OWNER,
        Asks("--account", "Account in which", ("nothing",), "analytics"),
        Asks("--roles", "IAM roles", ("", "a b", ","), "dashboards,team/reader"),
    ),
    "new product": (
        Asks("--from", "File with its data", ("", "nothing.csv", "mesh", "glue:x", "empty.csv"), "orders.csv"),
        Asks("--domain", "Domain that owns it", ("", "sales"), "asset-management"),
        Asks("--name", "Name of the product", ("fund-prices", "!!!"), "orders"),
        Asks("--owner", "Who answers", ("data-mesh-stewards",), "data-mesh-steward"),
        Asks("--description", "What it is and", ("",), "Orders of the shop."),
        Asks("--database", "Name of its database", ("fund-prices", "a b", "x" * 300), "orders"),
    ),
    "new policy": (
        Asks("POLICY", "Which policies", ("", "nothing", "all,nothing"), "purposes-are-said"),
        Asks("--owner", "Who answers", (" ",), "data-mesh-steward"),
    ),
    "new subscription": (
        Asks("PRODUCT", "Which product", (*SAME, "fund-price", "markets/fund-prices"), "fund-prices"),
        Asks(
            "--for",
            "Who reads",
            ("", "analytics-coe", "nobody/x", "analytics-coe/nobody"),
            "analytics-coe/credit-analyst",
        ),
        WHY,
        Asks("--up-to", "Up to which label", ("publik",), "internal"),
        Asks("--until", "Last day, such", ENDS, ""),
    ),
    "renew": (
        Asks("SUBSCRIPTION", "Which subscription", (*SAME, "portfolio-reprot"), "portfolio-report"),
        replace(DAY, begins="Its new last day"),
    ),
    "return": (Asks("SUBSCRIPTION", "Which subscription", (*SAME, "credit-profile"), "portfolio-report"),),
    "retire": (
        Asks("THING", "What goes", (*SAME, "fund-price", "fund_price.nothing"), "fund-prices"),
        replace(DAY, begins="Last day on"),
    ),
    "rename-column": (
        Asks("COLUMN", "Which column", (*SAME, "fund-prices", "fund_price", "fund_price.nothing"), "fund_price.isin"),
        Asks("NAME", "What fund-prices.fund_price.isin is called", ("", "currency", "trading_day", "ISIN"), "number"),
        DAY,
    ),
}


@pytest.fixture
def desk(folder: Path, run: Run) -> Path:
    """Where the example mesh lies, beside files of data."""
    del run  # the day of the example
    (folder.parent / "orders.csv").write_text("id,email\n1,a@example.com\n")
    (folder.parent / "empty.csv").write_text("")
    return folder.parent


def answered(person: Person, questions: tuple[Asks, ...], *, wrongly: bool) -> None:
    """Answer them, and before that in each wrong way, which says why it is wrong."""
    for each in questions:
        for wrong in each.wrong if wrongly else ():
            person.sees(each.begins)
            person.types(wrong)
            person.sees("\n")
            reason = person.sees(each.begins)
            assert len(reason.split()) > 2, f"{each.option} {wrong!r}: {reason!r}"
            person.seen = each.begins + person.seen
        person.sees(each.begins)
        person.types(each.right)
        person.sees("\n")


@pytest.mark.parametrize("command", ASKED)
def test_wrong_answers_are_asked_again_and_none_is_lost(command: str, desk: Path, run: Run) -> None:
    before, questions, words = contents(desk), ASKED[command], command.split()
    person = Person(desk, *words)
    answered(person, questions[:-1], wrongly=True)
    last = questions[-1]
    for wrong in last.wrong:
        person.sees(last.begins)
        person.types(wrong)
        person.sees("\n")
    person.sees(last.begins)
    person.presses(CTRL_C)
    code, end = person.ends()
    assert code == 1, end
    assert contents(desk) == before
    told = end.split("To go on where you stopped: ")[1].splitlines()[0]
    on = Person(desk, *shlex.split(told)[1:])
    answered(on, questions[-1:], wrongly=False)
    code, end = on.ends()
    assert code == 0, end
    after = contents(desk)
    assert after != before
    shutil.rmtree(desk / "mesh")
    shutil.copytree(EXAMPLE, desk / "mesh")
    said = [
        word for each in questions for word in ((each.option, each.right) if each.option[0] == "-" else (each.right,))
    ]
    assert run(*words, *said).code == 0
    assert contents(desk) == after, "what is answered and what is given as options is the same"


def test_ctrl_c_between_two_questions_is_heard_as_at_one(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer is read, and where all that was answered is put together."""
    del run
    before = contents(desk)
    told = "To go on where you stopped: meshform retire fund-prices"

    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for place, answers in (("retire.last_day", ""), ("retire.announce", " --until 2027-06-30")):
        with monkeypatch.context() as patched:
            patched.setattr(f"reconciler.cli.{place}", pressed)
            person = Person(desk, "retire")
            answered(person, ASKED["retire"], wrongly=False)
            code, end = person.ends()
        assert (code, end.splitlines()[-2:]) == (1, [f"Nothing was written. {told}{answers}", "Aborted!"]), end
        assert contents(desk) == before


def test_ctrl_c_after_it_was_written_gives_no_answers_back(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    del run

    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.cli.retire.propose_all", pressed)
    monkeypatch.setattr("reconciler.cli.retire.show.hint", pressed)
    before = contents(desk)
    person = Person(desk, "retire")
    answered(person, ASKED["retire"], wrongly=False)
    code, end = person.ends()
    assert code == 130
    assert "Nothing was written" not in end
    assert contents(desk) != before


@pytest.mark.parametrize("command", ASKED)
def test_whoever_has_no_terminal_is_told_all_that_is_missing(command: str, desk: Path, run: Run) -> None:
    before = contents(desk)
    ran = run(*command.split())
    assert ran.code == 64
    needed = [each.option for each in ASKED[command] if "" in each.wrong and each.option[0] == "-"]
    assert [option for option in needed if option not in ran.err] == []
    assert contents(desk) == before


@pytest.mark.parametrize("keys", [CTRL_D, b"\xff\xfe\n" + CTRL_D, CTRL_C], ids=["end", "no text", "Ctrl-C"])
def test_whoever_goes_away_leaves_nothing(keys: bytes, desk: Path) -> None:
    before = contents(desk)
    person = Person(desk, "new", "team")
    person.sees("Name of the team")
    for key in keys.splitlines(keepends=True):
        person.presses(key)
        if key.endswith(b"\n"):
            person.sees("no text in the encoding")
    code, end = person.ends()
    assert code == 1
    assert "To go on where you stopped: meshform new team\n" in end
    assert contents(desk) == before


def test_what_is_refused_at_the_end_gives_the_answers_back(desk: Path) -> None:
    """Answers that are right one by one, and together are no mesh."""
    tag = desk / "mesh/lf-tags/sensitivity.yaml"
    tag.write_text(tag.read_text().replace("{value: internal,", "{value: internal, term: {longest: 30d},"))
    before = contents(desk)
    person = Person(desk, "renew")
    answered(
        person,
        (Asks("", "Which subscription", (), "portfolio-report"), Asks("", "Its new", (), "2029-01-01")),
        wrongly=False,
    )
    code, end = person.ends()
    assert code == 1
    assert "To give these answers again: meshform renew portfolio-report --until 2029-01-01\n" in end
    assert contents(desk) == before
