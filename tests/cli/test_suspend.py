"""suspend: the document is written and right, or nothing is; --now takes away what it names, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from reconciler.access import evaluate, principal_directory
from reconciler.pipeline import load_folder
from tests.cli.conftest import Run
from tests.cli.snapshot import snapshot
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, bank

SCIENTIST = "analytics-coe/data-scientist"
ARN = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
SESSION = f"arn:aws:sts::{ANALYTICS}:assumed-role/data-scientist/eve"
WHY = ("--why", "Key found in public", "--by", "ciso")


@pytest.fixture
def git(folder: Path) -> Path:
    """The folder of the example as a commit of a repository."""
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder.parent, check=True)
    return folder


def written(folder: Path) -> dict[str, object]:
    """The one document of a suspension."""
    (path,) = (folder / "suspensions").rglob("*.yaml")
    document: dict[str, object] = yaml.safe_load(path.read_text())
    assert path.stem == document["name"]
    return document


def test_what_a_day_has_made_wrong_of_others_keeps_nobody_from_it(folder: Path, run: Run) -> None:
    sensitivity = folder / "lf-tags/sensitivity.yaml"
    text = sensitivity.read_text()
    sensitivity.write_text(text.replace("{value: internal,", "{value: internal, term: {longest: 1d},"))
    assert run("validate").code == 1
    ran = run("suspend", SCIENTIST, *WHY)
    assert ran.code == 0, ran.err
    assert "lose" in ran.out


@pytest.mark.parametrize(
    ("who", "field", "value"),
    [
        (SCIENTIST, "principal", SCIENTIST),
        (ARN, "principal", ARN),
        ("analytics-coe", "consumer", "analytics-coe"),
        ("credit-profile", "product", "credit-profile"),
        ("consumer-banking/credit-profile", "product", "consumer-banking/credit-profile"),
        ("credit-risk-model", "subscription", "credit-risk-model"),
        ("sensitivity=confidential", "tag", {"sensitivity": "confidential"}),
        ("product:credit-profile", "product", "credit-profile"),
        # However AWS writes him.
        (SESSION, "principal", SESSION),
    ],
)
def test_it_writes_what_was_named(who: str, field: str, value: object, folder: Path, run: Run) -> None:
    ran = run("suspend", who, *WHY, "--until", "2026-12-24", "--ticket", "INC-1")
    assert ran.code == 0
    document = written(folder)
    assert document[field] == value
    assert (document["reason"], document["by"], document["ticket"]) == ("Key found in public", "ciso", "INC-1")
    assert "lose" in ran.out
    assert load_folder(str(folder)).mesh is not None


TABLE = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}


def by_hand(built: Estate, who: str) -> list[object]:
    """What somebody has on the table as such, which no document asks for."""
    lake, principal = built.client("lakeformation"), {"DataLakePrincipalIdentifier": who}
    every = lake.list_permissions(Principal=principal, Resource=TABLE)["PrincipalResourcePermissions"]
    return [each for each in every if each["Principal"] == principal]


@pytest.mark.parametrize("who", ["by-hand", "meshform/bank/data-scientist"])
def test_now_takes_away_what_somebody_was_given_by_hand_too(who: str, built: Estate, git: Path, run: Run) -> None:
    """Whom AWS alone knows is suspended when he is called a principal: the document keeps what he had away."""
    arn = f"arn:aws:iam::{ANALYTICS}:role/{who}"
    is_known = arn == ARN
    if not is_known:
        built.client("iam", ANALYTICS).create_role(RoleName=who, AssumeRolePolicyDocument="{}")
    principal = {"DataLakePrincipalIdentifier": arn}
    built.client("lakeformation").grant_permissions(Principal=principal, Resource=TABLE, Permissions=["SELECT"])
    assert by_hand(built, arn)
    if not is_known:
        assert run("suspend", arn, *WHY, "--now").code == 1
        assert by_hand(built, arn)
    ran = run("suspend", arn if is_known else f"principal:{arn}", *WHY, "--now")
    assert (ran.code, written(git)["principal"]) == (0, arn), ran.err
    assert not by_hand(built, arn), ran.out
    # Once a document names him the mesh knows him: the second try is the same.
    again = run("suspend", arn, *WHY, "--now")
    assert (again.code, written(git)["principal"]) == (0, arn)
    assert "Done: nothing" in again.out


def test_what_people_read(built: Estate, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("suspend", run, monkeypatch, "suspend", SCIENTIST, *WHY, "--now", makes="mesh/suspensions")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("analytics-coe/data-scientists", "did you mean analytics-coe/data-scientist"),
        ("nobody", "nothing called nobody"),
        ("product:nothing", "1 error"),
        ("principal:arn:aws:iam::444444444444:role/*", "1 error"),
        ("arn:aws:iam::444444444444:role/*", "The mesh knows no principal arn:aws:iam::444444444444:role/*: no"),
        (f"{ARN[:-5]}ntits", f"The mesh knows no principal {ARN[:-5]}ntits (did you mean {ARN}?)"),
        ("arn:aws:iam::444444444444:user/eve", "write principal:arn:aws:iam::444444444444:user/eve to take away"),
    ],
)
def test_what_is_not_there_is_not_suspended(who: str, words: str, folder: Path, run: Run) -> None:
    ran = run("suspend", who, *WHY)
    assert ran.code == 1
    assert words in ran.err
    assert not list(folder.glob("suspensions/**/*.yaml"))


def test_now_takes_away_what_it_names_and_leaves_other_drift(built: Estate, git: Path, run: Run) -> None:
    lake = built.client("lakeformation")
    where = {"TableWithColumns": {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": ["age"]}}
    lake.add_lf_tags_to_resource(
        Resource=where, LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}], CatalogId=CENTRAL
    )
    ran = run("suspend", SCIENTIST, *WHY, "--now")
    assert (ran.code, "Done: " in ran.out) == (0, True), (ran.out, ran.err)
    found = built.look()
    access = evaluate(found, principal_directory(bank()))
    assert not [table for table in access.of(ARN) if table.columns]
    left = lake.get_resource_lf_tags(Resource=where, CatalogId=CENTRAL)["LFTagsOnColumns"][0]["LFTags"]
    assert {each["TagKey"]: each["TagValues"] for each in left}["sensitivity"] == ["internal"]
    # Who merges something else meanwhile, without the document, is told and stopped.
    (path,) = (git / "suspensions").rglob("*.yaml")
    path.unlink()
    other = run("plan", "--base", "HEAD", "--format", "json")
    assert "reopens-access" in other.json["verdict"]["refused_by"]


def reads(estate: Estate) -> bool:
    """Whether the data scientist reads anything."""
    return any(table.columns for table in evaluate(estate.look(), principal_directory(bank())).of(ARN))


def test_now_takes_away_what_others_ask_for_too_and_tells_what_it_could_not_see(
    built: Estate, git: Path, run: Run
) -> None:
    """An earlier document that nobody has applied suspends all of his consumer; the same command, as of a run that was
    killed, names him again."""
    assert run("suspend", "analytics-coe", *WHY).code == 0
    built.aws.faults({"service": "events", "account": BANKING, "error": "AccessDeniedException", "times": None})
    ran = run("suspend", SCIENTIST, *WHY, "--now")
    built.aws.world.faults.clear()
    assert ran.code == 5, ran.out
    assert "Access may be left that the suspension takes away." in ran.err
    assert "not seen: events." in ran.err
    again = run("suspend", SCIENTIST, *WHY, "--now")
    assert (again.code, reads(built)) == (0, False), again.out
    assert len([*(git / "suspensions").rglob("*.yaml")]) == 2


def test_it_is_journaled_with_its_requests(built: Estate, git: Path, run: Run) -> None:
    ran = run("suspend", SCIENTIST, *WHY, "--now")
    assert ran.code == 0, ran.err
    (entry,) = (git.parent / ".meshform" / "journal").rglob("*.json")
    assert "data-scientist" in entry.read_text()
