"""Every command that the documentation shows, played line by line in a clone of the example's repository."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

import pytest

from tests.estate import CENTRAL, ROOT, TODAY
from tests.life.play import Play, playing
from tests.story.shell import blocks, commit_as_ada, play

T = TypeVar("T")
ELSEWHERE = {"docs/tutorial.md": "story/test_tutorial.py", "docs/sandbox.md": "sandbox/test_documented.py"}
"""Pages that a test of their own plays."""

NOT_HERE = {
    r"make (demo|setup|test)\b": "make: .ci/run does, and the first day from the wheel",
    r"make mutate|python -m tests\.": "runs for hours",
    r"pip install ": "installs from an index; tests/release installs the wheel",
    r"uvx ": "installs from a repository that has an address; tests/release plays `upgrade`",
    r"docker ": "no container daemon here; tests/release/test_image.py plays the steps of the image",
    r"gh attestation ": "needs a release at GitHub",
    r"(\.venv/bin/)?meshform (sandbox|catalog) serve": "serves until it is stopped; tests/sandbox and tests/catalog do",
    r"meshform demo": "tests/cli/test_demo.py plays it whole",
    r"meshform doctor": "tests/doctor plays all that it does, also --trial and --undo",
    r"meshform accept ": "is written into a pull request; tests/life/test_approvals.py does",
}
"""What is not played here, and why."""

TYPED = {
    r"(\.venv/bin/)?meshform apply": "y\n",
    r"meshform new product --from orders.csv": "\n\nWhat was ordered.\n\n\n\n",
    r"meshform new policy": "purposes-are-said,label-in-named-accounts\n\n\nanalytics\n",
}
"""What somebody answers where a command asks; everywhere else he takes what is proposed."""

ENDS = {r"meshform promises": 2}
"""With which exit code a command ends that the page says of it."""

OTHER_WORDS = {"FILE": "today.jsonl.gz"}
"""What stands for something in a command."""

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
name: Orders
domain: consumer-banking
description: {purpose: What was ordered.}
schema:
  - {name: orders, properties: [{name: total, logicalType: number, physicalType: double}]}
"""


def shown(page: str) -> list[list[str]]:
    """The commands of each block, and of each indented block of Meshform's."""
    text = (ROOT / page).read_text(encoding="utf-8")
    indented = re.findall(r"^ {4}((?:meshform|pip) .*)$", re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M), re.M)
    fenced = [[line for line in block.splitlines() if line.strip()] for _, block in blocks(ROOT / page, "sh")]
    return [*fenced, indented] if indented else fenced


def pages() -> list[str]:
    """Those with commands, in the order in which they are played: whoever takes access away comes last."""
    every = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = [name for page in every if shown(name := page.relative_to(ROOT).as_posix())]
    return sorted((page for page in found if page not in ELSEWHERE), key=lambda page: "steward" in page)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The example at GitHub and in AWS, since October; somebody else watches for drift."""
    with pytest.MonkeyPatch.context() as patch:
        commit_as_ada(patch)
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_DATE", "2026-10-01T00:00:00Z")
        with playing(tmp_path_factory.mktemp("documented")) as play:
            settings = play.upstream / "mesh" / "mesh.yaml"
            settings.write_text(settings.read_text().replace("limits:", "drift: {watched: schedule}\nlimits:"))
            play.git("commit", "--quiet", "--all", "--message", "Watch for drift")
            play.aws.session(CENTRAL).client("sqs").create_queue(QueueName="watch-bank")
            play.monkeypatch.chdir(play.upstream)
            assert play.meshform("snapshot", "--out", str(play.folder / "today.jsonl.gz"), "-q") == 0
            yield play


@pytest.fixture
def desk(stage: Play, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone in a job of a pull request, and the files that pages speak of."""
    place = stage.clone()
    number = stage.github.records.add_pull("main", stage.git("rev-parse", "HEAD"))
    (stage.folder / "event.json").write_text(json.dumps({"pull_request": {"number": number}}))
    environment = {
        **stage.github.variables,
        "GITHUB_EVENT_PATH": str(stage.folder / "event.json"),
        "CHANGE_TARGET": "main",
    }
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    for where in ("reconciler.pipeline.today", "reconciler.spec.today.today"):
        monkeypatch.setattr(where, lambda: TODAY)
    (place / "orders.csv").write_text("number,total\n1,2.5\n2,3.5\n")
    (place / "credits.csv").write_text("number,amount\n1,100\n2,200\n")
    (place / "orders.odcs.yaml").write_text(CONTRACT)
    shutil.copy(stage.folder / "today.jsonl.gz", place)
    (place / "trail").mkdir()
    (place / "trail" / "one.json").write_text('{"Records": []}')
    monkeypatch.chdir(place)
    return place


@contextmanager
def two_roles(desk: Path) -> Iterator[None]:
    """The mesh with one role that plans and one that applies, as `bootstrap` wants it."""
    settings = desk / "mesh" / "mesh.yaml"
    text = settings.read_text()
    settings.write_text(re.sub(r"(plan|apply): OrganizationAccountAccessRole", r"\1: meshform-\1", text))
    yield
    settings.write_text(text)


def said_of(line: str, patterns: Mapping[str, T], otherwise: T) -> T:
    """What the first pattern says that fits the beginning of a line."""
    return next((said for pattern, said in patterns.items() if re.match(pattern, line)), otherwise)


@pytest.mark.parametrize("page", pages())
def test_every_command_does_what_it_says(page: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as world:
        for block in shown(page):
            monkeypatch.chdir(desk)
            for line in block:
                if said_of(line, NOT_HERE, ""):
                    continue
                for word, instead in OTHER_WORDS.items():
                    line = re.sub(rf"\b{word}\b", instead, line)
                with two_roles(desk) if line.startswith("meshform bootstrap") else nullcontext():
                    play(line, world, monkeypatch, said_of(line, TYPED, "\n" * 20), said_of(line, ENDS, 0))


def test_what_is_not_played_is_all_shown_somewhere() -> None:
    every = [line for page in pages() for block in shown(page) for line in block]
    assert [
        pattern for pattern in (*NOT_HERE, *TYPED, *ENDS) if not any(re.match(pattern, line) for line in every)
    ] == []
    assert all((ROOT / "tests" / test).is_file() for test in ELSEWHERE.values())


def test_every_block_says_what_it_is() -> None:
    """A block without a language would be played by nobody."""
    known = {"sh", "yaml", "json", "python", "text", "mermaid"}
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        fences = re.findall(r"^ *```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert {each for each in fences[::2] if not re.fullmatch(r"\{\w+\}", each)} <= known, page
