"""new policy: policies to start with come to a mesh that is there; what is there is not touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.scaffold.policies import STARTING
from tests.cli.conftest import Run, contents
from tests.typed import Typed


def made(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "policies").glob("*.yaml")}


def test_all_of_them_fit_an_existing_mesh_and_their_examples_hold(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("new", "policy", "all")
    assert ran.code == 0, ran.err
    assert len(made(folder)) == len(STARTING)
    assert before.items() <= contents(folder).items()
    assert run("policy", "test").code == 0
    assert run("fmt", "--check").code == 0
    assert run("validate").code == 0
    assert "must approve it: it is new" in ran.out
    assert "['banking-data', 'central', 'markets-data']" in (
        folder / "policies/restricted-in-named-accounts.yaml"
    ).read_text(encoding="utf-8")


def test_nothing_is_written_where_one_is_there_and_it_says_which(folder: Path, run: Run) -> None:
    assert run("new", "policy", "purposes-are-said", "--owner", "Ada: of law").code == 0
    before = contents(folder)
    ran = run("new", "policy", "consumers-only-read", "purposes-are-said")
    assert ran.code == 1
    assert "purposes-are-said.yaml is there already; nothing was written" in ran.err
    assert contents(folder) == before


def test_a_policy_that_the_mesh_breaks_is_not_written_but_may_begin_as_a_warning(folder: Path, run: Run) -> None:
    subscription = next((folder / "consumers").rglob("subscriptions/**/*.yaml"))
    text = subscription.read_text(encoding="utf-8")
    purpose = next(line for line in text.splitlines() if line.startswith("purpose:"))
    subscription.write_text(text.replace(purpose, "purpose: analytics"), encoding="utf-8")
    before = contents(folder)
    ran = run("new", "policy", "purposes-are-said")
    assert ran.code == 1
    assert "say what for, in a few words" in ran.err + ran.out
    assert "--action warn" in ran.err
    assert contents(folder) == before
    assert run("new", "policy", "purposes-are-said", "--action", "warn").code == 0
    assert "say what for, in a few words" in (checked := run("validate")).err + checked.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("purpose-are-said",), "did you mean purposes-are-said"),
        (("label-in-named-accounts", "--label", "secret"), "no label secret"),
        (("label-in-named-accounts", "--accounts", "bankng-data"), "did you mean banking-data"),
        (("label-in-named-accounts", "--accounts", " "), "Name an account"),
        (("all", "--owner", " "), "Say a person or a team"),
        ((), "Say it by [POLICY]"),
    ],
)
def test_a_wrong_answer_writes_nothing(words: tuple[str, ...], reason: str, folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("new", "policy", *words)
    assert ran.code != 0
    assert reason in ran.err
    assert contents(folder) == before


def test_on_a_terminal_it_asks_again(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Typed("nothing\nlabel-in-named-accounts\n\nconfidential\nnowhere\ncentral\n"))
    ran = run("new", "policy")
    assert ran.code == 0, ran.err
    assert "There is no policy nothing" in ran.err
    assert "There is no account nowhere" in ran.err
    assert made(folder) == {"confidential-in-named-accounts"}
    assert run("policy", "test").code == 0
