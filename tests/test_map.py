"""Tests are a map: the test of a file lies at the file's path, and what is no test of a file says so here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import reconciler

TESTS = Path(__file__).parent
CODE = Path(reconciler.__file__).parent
SCREEN = 60
STORIES = {"budget", "campaigns", "clients", "fuzz", "life", "recordings", "release", "story"}
"""Folders whose tests go through many rooms: calls counted, odd inputs, other people's clients, years of a mesh, AWS's
answers, the wheel."""

LAWS = {
    "exports": {"standards"},
    "access": {
        "words",
        "agreement",
        "filters_abroad",
        "laws",
        "naive",
        "recipes",
        "schema",
        "shifting",
        "trusts",
        "uncertain",
    },
    "aws": {"batch_failures", "throttled"},
    "bootstrap": {"boundary", "regions"},
    "cli": {
        "bad_input",
        "changed_since",
        "commands",
        "curation",
        "manners",
        "reopening",
        "snapshots",
        "start_up",
        "what_people_see",
    },
    "doctor": {"first_trial", "ids"},
    "forge": {"gitlab_pipeline", "workflows"},
    "importing": {"example", "hidden", "kept", "odd_estates", "random_estates", "reference", "unseen"},
    "kinds": {
        "before_the_mesh",
        "adopted",
        "codec",
        "furnished",
        "house",
        "killed",
        "laws",
        "left_out",
        "odd_answers",
        "registry",
        "requests",
        "taking_over",
    },
    "kinds/glue": {"formats"},
    "kinds/ram": {"offered_again"},
    "model": {"model"},
    "owners": {"authority"},
    "policy": {"handbook"},
    "plan": {"gate_words", "linear", "no_pairs", "outside_of_domain", "read_scopes", "schema_gates"},
    "report": {"golden", "pictures"},
    "sandbox": {"attack_crowd", "documented", "models_walk", "page"},
    "sandbox/http": {"attack", "one_write"},
    "sandbox/services/athena": {"attack", "views"},
    "sandbox/services/glue": {"catalogs_within", "links"},
    "sandbox/services/lakeformation": {"beliefs_of_grants", "views"},
    "snapshots": {"templates"},
    "spec": {"already_there", "cases", "every_field", "example", "fields_are_read", "hostile", "wildcards"},
    "spec/language": {"examples"},
    ".": {"docs", "estate", "map", "moto_once", "reaching", "remembered", "signed_in", "structure", "vocabulary"},
}
"""Tests of a law that holds for a whole room, by their folder."""


def _modules() -> Iterator[tuple[str, str]]:
    """Folder and subject of every test module that tells no story."""
    for path in TESTS.rglob("test_*.py"):
        folder = path.parent.relative_to(TESTS)
        if not STORIES & {*folder.parts}:
            yield folder.as_posix(), path.stem.removeprefix("test_")


def _is_there(folder: str, subject: str) -> bool:
    """Whether there is a module, or a room, of that name."""
    where = CODE / folder
    return any((where / name).is_file() for name in (f"{subject}.py", f"{subject}_.py")) or (where / subject).is_dir()


def test_the_test_of_a_file_lies_at_its_path() -> None:
    lost = {
        f"{folder}/test_{subject}.py"
        for folder, subject in _modules()
        if not _is_there(folder, subject) and subject not in LAWS.get(folder, set())
    }
    assert lost == set(), "name it for the file that it tests, or say in LAWS that it is about a whole room"


def test_what_is_said_to_be_a_law_is_one() -> None:
    """No entry without its test, and none that is the test of a file."""
    said = {(folder, subject) for folder, subjects in LAWS.items() for subject in subjects}
    assert said - {*_modules()} == set()
    assert {each for each in said if _is_there(*each)} == set()


def test_no_test_is_longer_than_a_screen() -> None:
    long = {
        f"{path.relative_to(TESTS)}:{node.lineno} {node.name}"
        for path in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= SCREEN
    }
    assert long == set(), "one rule a test; a table of cases stands beside it"
