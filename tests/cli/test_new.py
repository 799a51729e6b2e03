"""new: documents by questions or options; wrong answers are asked again, and nothing that is there is touched."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from reconciler.spec.load import load
from reconciler.spec.yaml.source import Source
from tests.cli.conftest import Run, contents
from tests.cli.snapshot import snapshot
from tests.estate import TODAY
from tests.typed import Typed

GERMAN = Path("reconciler/data/german-credit/kredit_raw.csv").resolve()
PRODUCT = "domains/asset-management/products/credits.yaml"
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "account": ("--name", "sales-data", "--id", "555555555555", "--parts", "producer"),
    "team": ("--name", "Sales Stewards", "--description", "Decides about sales.", "--github", "acme/sales"),
    "domain": (
        "--name",
        "sales",
        "--description",
        "Shops.",
        "--owner",
        "data-mesh-steward",
        "--account",
        "banking-data",
    ),
    "consumer": (
        *("--name", "dash", "--description", "Dashboards.", "--owner", "Jane Doe", "--account", "analytics"),
        *("--roles", "dashboards,team/reader"),
    ),
}
PATHS = {
    "account": "accounts/sales-data.yaml",
    "team": "teams/sales-stewards.yaml",
    "domain": "domains/sales/domain.yaml",
    "consumer": "consumers/dash/consumer.yaml",
}


def folders(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_dir()}


@pytest.fixture
def data(folder: Path) -> Path:
    """The German Credit file as it came, with its German names."""
    (folder.parent / "credits.csv").write_bytes(GERMAN.read_bytes())
    return folder


def test_what_people_see(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("new", "product", "--from", "credits.csv", "--domain", "asset-management", "--description", "Credits.")
    snapshot("new-product", run, monkeypatch, *words, makes=f"mesh/{PRODUCT}")


@pytest.mark.parametrize("kind", OPTIONS)
def test_each_kind_goes_into_its_folder_and_nothing_else_is_touched(kind: str, folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("new", kind, *OPTIONS[kind])
    assert ran.code == 0, ran.err
    after = contents(folder)
    assert {**before, PATHS[kind]: after[PATHS[kind]]} == after
    assert run("fmt", "--check").code == 0
    again = run("new", kind, *OPTIONS[kind])
    assert again.code == 1
    assert "already" in again.err
    assert contents(folder) == after


@pytest.mark.parametrize("kind", OPTIONS)
def test_without_a_terminal_a_missing_answer_writes_nothing(kind: str, folder: Path, run: Run) -> None:
    before, there = contents(folder), folders(folder)
    options = [OPTIONS[kind][at : at + 2] for at in range(0, len(OPTIONS[kind]), 2)]
    for left_out in options:
        if left_out == ("--account", "analytics"):
            continue  # the only one there is
        rest = [word for option in options if option != left_out for word in option]
        ran = run("new", kind, *rest)
        assert ran.code == 64, ran.err
        assert f"Say it by --{'members' if left_out[0] == '--github' else left_out[0][2:]}" in ran.err
    assert contents(folder) == before
    assert folders(folder) == there


@pytest.mark.parametrize(
    ("kind", "option", "said", "reason"),
    [
        ("account", "--id", "5555", "12 digits"),
        ("account", "--id", "222222222222", "is the account banking-data already"),
        ("account", "--parts", "producer,reader", "must be one of central, producer, consumer"),
        ("account", "--name", "!!!", "lower-case letters"),
        ("account", "--name", "banking-data", "already"),
        ("team", "--github", "sales", "team of GitHub"),
        ("team", "--description", "", "must say something"),
        ("domain", "--account", "bankng-data", "did you mean banking-data"),
        ("domain", "--account", "analytics", "there are: banking-data, markets-data"),
        ("domain", "--owner", "data-mesh-stewards", "did you mean data-mesh-steward"),
        ("domain", "--name", "Consumer Banking", "already"),
        ("consumer", "--roles", "a b", "role"),
        ("consumer", "--roles", " , ", "at least one"),
    ],
)
def test_a_wrong_answer_writes_nothing_and_on_a_terminal_is_asked_again(
    kind: str, option: str, said: str, reason: str, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, there = contents(folder), folders(folder)
    options = list(OPTIONS[kind])
    at = options.index(option) + 1
    right, options[at] = options[at], said
    ran = run("new", kind, *options)
    assert ran.code != 0
    assert reason.lower() in " ".join(ran.err.lower().split())
    assert contents(folder) == before
    assert folders(folder) == there
    answers = f"{said}\n{right}\n" if said else f"{right}\n"
    extra = "\n" * 2  # what may be left out
    monkeypatch.setattr("sys.stdin", Typed(answers + extra))
    ran = run("new", kind, *options[: at - 1], *options[at + 1 :])
    assert ran.code == 0, ran.err
    if said:
        assert reason.lower() in " ".join(ran.err.lower().split())
    assert set(contents(folder)) == {*before, PATHS[kind]}


def test_whoever_goes_away_leaves_nothing(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(data)
    monkeypatch.setattr("sys.stdin", Typed("credits.csv\nasset-management\n"))
    assert run("new", "product").code == 1
    assert contents(data) == before


def test_a_file_in_the_place_is_not_touched_whatever_it_is(data: Path, run: Run) -> None:
    words = ("new", "product", "--from", "credits.csv", "--domain", "asset-management", "--description", "Credits.")
    (data / PRODUCT).with_name("fund-prices.yaml").rename(data / PRODUCT)
    before = contents(data)
    ran = run(*words)
    assert ran.code == 1
    assert "is there already" in ran.err
    assert contents(data) == before


def test_a_name_that_has_files_already_gets_a_place_of_its_own(data: Path, run: Run) -> None:
    (data.parent / "fund_price.csv").write_text("a,b\n1,2\n")
    words = ("--from", "fund_price.csv", "--domain", "asset-management", "--description", "Prices, once more.")
    ran = run("new", "product", *words, "--name", "old-prices")
    assert ran.code == 0, ran.err
    assert "/old-prices/fund_price/." in "".join(ran.err.split())


def test_guesses_are_marked_and_what_has_no_label_opens_nothing(data: Path, run: Run) -> None:
    words = ("--from", "credits.csv", "--domain", "asset-management", "--description", "Credits.")
    ran = run("new", "product", *words)
    assert ran.code == 0, ran.err
    text = (data / PRODUCT).read_text()
    columns = yaml.safe_load(text)["tables"][0]["columns"]
    assert [each["type"] for each in columns] == ["int"] * 21
    labels = {each["name"]: each.get("tags", {}).get("sensitivity") for each in columns}
    assert (labels["alter"], labels["gastarb"], labels["hoehe"], labels["laufzeit"]) == (
        *("restricted", "restricted", "confidential"),
        None,
    )
    labelled = [value for value in labels.values() if value]
    assert text.count("# a guess, by its name: confirm or correct it") == len(labelled)
    assert text.count("# description: say what it means") == 21
    assert f"{21 - len(labelled)} columns without a label, which no clearance opens" in ran.err


def test_a_data_owner_comes_from_nothing_to_a_product_that_somebody_asks_for(
    data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init, new domain, new product, labels, request, validate and plan, all in a new folder."""
    assert run("init", "shop", "--organization", "acme", "--yes").code == 0
    monkeypatch.chdir("shop")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], check=True)
    told = ("--description", "Who borrows.", "--owner", "data-governance")
    assert run("new", "domain", "--name", "Lending", *told, "--account", "sales-data").code == 0
    source = ("--from", "../credits.csv", "--domain", "lending", "--description", "Credits and how they went.")
    made = run("new", "product", *source)
    assert made.code == 0, made.err
    file = Path("mesh/domains/lending/products/credits.yaml")
    unclear = "# tags: {sensitivity: say which; without it no clearance opens the column}"
    assert unclear in file.read_text()
    assert run("fmt", "--check").code == 0
    file.write_text(file.read_text().replace(unclear, "tags: {sensitivity: public}", 1))
    assert "look it over, run `meshform fmt` and `meshform owners`, commit" in made.err
    assert run("fmt").code == run("fmt", "--check").code == 0
    asked = run("request", "credits", "--for", "analytics/analyst", "--why", "Learn who pays back.")
    assert asked.code == 0, asked.err
    assert asked.out.startswith("analytics/analyst gains 1 column of credits.credits (up to public).")
    assert "must approve it" in asked.out
    assert run("validate").code == 0
    planned = run("plan", "--offline", "--base", "HEAD")
    assert planned.code == 0, planned.err
    assert "analytics/analyst" in planned.out
    assert "credits-analyst" not in run("fmt", "--check").out


def test_a_subscription_is_asked_for_as_by_request(folder: Path, run: Run) -> None:
    said = ("--for", "analytics-coe/data-scientist", "--why", "Compare funds with credits.")
    assert run("new", "subscription", "fund-prices", *said).code == 0
    assert (folder / "consumers/analytics-coe/subscriptions/fund-prices-data-scientist.yaml").is_file()


def test_a_mesh_is_made_as_by_init(folder: Path, run: Run) -> None:
    for words, name in ((("new", "mesh"), "one"), (("init",), "two")):
        assert run(*words, name, "--name", "shop", "--organization", "acme", "--yes").code == 0
    assert contents(folder.parent / "one") == contents(folder.parent / "two")


def test_what_is_made_is_what_the_language_knows(data: Path, run: Run) -> None:
    for kind, options in OPTIONS.items():
        assert run("new", kind, *options).code == 0
    sources = [Source(path, text, str(data)) for path, text in contents(data).items()]
    mesh = load(sources, TODAY).mesh
    assert mesh is not None
    assert [(each.name, each.role) for each in mesh.consumers["dash"].principals] == [
        ("dashboards", "dashboards"),
        ("reader", "team/reader"),
    ]
