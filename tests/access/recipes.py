"""Tables that a recipe of DataBrew fills, its steps changed at random, and read before and after its runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from reconciler.access import Access, difference, evaluate, principal_directory
from reconciler.access.differences.compare import OTHER_VALUES
from reconciler.aws.observe import readings
from reconciler.aws.reader import AwsReader
from reconciler.kinds import addresses, registry
from reconciler.model.address import Placement
from reconciler.model.reading import observation_of
from reconciler.model.resource import Snapshot
from tests.access.agreement import asked
from tests.access.lake import PRINCIPALS, Lake
from tests.access.shifting import DATABASE, _cells, _grant
from tests.access.worlds import settle
from tests.estate import CENTRAL
from tests.sandbox.files import SERIALIZERS, table_input

READERS = PRINCIPALS[:2]
RAW, NAMES = ("r1", "r2", "r3", "r4", "r5"), ("a", "b", "c", "d", "e")
FORMS = ("parquet", "json", "lazy")
KINDS = ("swap", "rename", "operation", "source", "nothing")
_OPTIONS = {"Csv": {"Delimiter": ",", "HeaderRow": True}}

Cells = frozenset[str]


@dataclass(frozen=True)
class Played:
    """One change of a recipe, where the verdict and the values disagree, and whether values moved."""

    form: str
    kind: str
    disagreements: tuple[str, ...]
    moved: bool


@dataclass
class Brewing:
    """A recipe of a seed: what its job reads, the new names of raw columns, and its other steps."""

    lake: Lake
    seed: int
    form: str
    source: str
    names: dict[str, str]
    steps: list[dict[str, Any]]

    def write(self) -> None:
        """Dataset, recipe and job as they are now; what is there is changed."""
        brew, name, folder = self.lake.client("databrew", CENTRAL), f"brew-{self.seed}", f"recipe/{self.seed}"
        place = {"S3InputDefinition": {"Bucket": "lake", "Key": f"{folder}/{self.source}/"}}
        # Raw names, new names and names in between are told apart, so a swap needs no third name.
        steps = [_step("RENAME", sourceColumn=old, targetColumn=new) for old, new in self.names.items()]
        there = any(each["Name"] == name for each in brew.list_jobs()["Jobs"])
        dataset = {"Name": name, "Format": "CSV", "FormatOptions": _OPTIONS, "Input": place}
        (brew.update_dataset if there else brew.create_dataset)(**dataset)
        (brew.update_recipe if there else brew.create_recipe)(Name=name, Steps=[*steps, *self.steps])
        brew.publish_recipe(Name=name)
        if not there:
            output = {"Location": {"Bucket": "lake", "Key": f"{folder}/out/"}, "Overwrite": True}
            brew.create_recipe_job(
                Name=name,
                DatasetName=name,
                RecipeReference={"Name": name, "RecipeVersion": "LATEST_PUBLISHED"},
                RoleArn=f"arn:aws:iam::{CENTRAL}:role/brewer",
                Outputs=[{**output, "Format": "CSV" if self.form == "lazy" else self.form.upper()}],
            )

    def run(self) -> None:
        """Run the job to its end."""
        brew, name = self.lake.client("databrew", CENTRAL), f"brew-{self.seed}"
        run = brew.start_job_run(Name=name)["RunId"]
        ended = [brew.describe_job_run(Name=name, RunId=run) for _ in range(3)][-1]
        assert ended["State"] == "SUCCEEDED", ended


def brewer(lake: Lake) -> None:
    """The role that runs recipes."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "databrew.amazonaws.com"}}
    files = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]}
    iam = lake.client("iam", CENTRAL)
    iam.create_role(RoleName="brewer", AssumeRolePolicyDocument=_policy(trust))
    iam.put_role_policy(RoleName="brewer", PolicyName="files", PolicyDocument=_policy(files))


def play(lake: Lake, seed: int) -> Played:
    """Make the recipe of a seed, run it, change it, run it again, and compare with what the change was said to do."""
    random = Random(seed)
    kind, form = random.choice(KINDS), random.choice(FORMS)
    _deliver(lake, seed)
    brewing = Brewing(lake, seed, form, "raw", dict(zip(RAW, random.sample(NAMES, len(RAW)), strict=True)), [])
    if random.random() < 0.5:
        brewing.names.pop(random.choice(RAW))
    brewing.write()
    brewing.run()
    _fill(lake, random, seed, form)
    before, read = _access(lake), _read(lake)
    _change(random, kind, brewing)
    brewing.write()
    after = _access(lake)
    brewing.run()
    now = _read(lake)
    whose = {new: old for old, new in brewing.names.items()}
    found = tuple(f"seed {seed}, {form}, {kind}: {each}" for each in _disagreements(before, after, read, now, whose))
    return Played(form, kind, found, read != now)


def _deliver(lake: Lake, seed: int) -> None:
    s3 = lake.client("s3", CENTRAL)
    for folder, shift in (("raw", 0), ("more", 1)):
        values = [*RAW[shift:], *RAW[:shift]]
        rows = [",".join(f"{name}-{row}" for name in values) for row in (1, 2)]
        body = "\n".join([",".join(RAW), *rows, ""]).encode()
        s3.put_object(Bucket="lake", Key=f"recipe/{seed}/{folder}/x.csv", Body=body)


def _fill(lake: Lake, random: Random, seed: int, form: str) -> None:
    lake.empty()
    settle(lake, CENTRAL)
    lf, glue = lake.client("lakeformation", CENTRAL), lake.client("glue", CENTRAL)
    lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    glue.create_database(DatabaseInput={"Name": DATABASE})
    table = table_input(form, "t", NAMES, f"s3://lake/recipe/{seed}/out/")
    assert form in SERIALIZERS
    table["Parameters"]["skip.header.line.count"] = "1"
    glue.create_table(DatabaseName=DATABASE, TableInput=table)
    for reader in READERS:
        _grant(lake, reader, random.sample(NAMES, random.randint(1, len(NAMES) - 1)))


def _change(random: Random, kind: str, brewing: Brewing) -> None:
    one, other = random.sample(list(brewing.names), 2)
    match kind:
        case "swap":
            brewing.names[one], brewing.names[other] = brewing.names[other], brewing.names[one]
        case "rename":
            brewing.names[one] = "unnamed"
        case "operation":
            name = brewing.names[one]
            step = random.choice(("DELETE", "UPPER_CASE"))
            gone = {"sourceColumns": json.dumps([name])} if step == "DELETE" else {"sourceColumn": name}
            brewing.steps.append(_step(step, **gone))
            if step == "DELETE":
                brewing.steps.append(_step("DUPLICATE", sourceColumn=brewing.names[other], targetColumn=name))
        case "source":
            brewing.source = "more"


def _access(lake: Lake) -> Access:
    """What the product sees, the recipes of the account included."""
    kinds = {name: kind for name, kind in registry().items() if kind.decides_access}
    reader = AwsReader(lake.sessions)
    found = observation_of(tuple(readings(lake.mesh, kinds, reader, accounts=[CENTRAL])), None).found
    of_recipes = (addresses.BREW_DATASET, addresses.BREW_RECIPE, addresses.BREW_JOB)
    place = Placement(CENTRAL, lake.mesh.region)
    brew = [each for name in of_recipes for each in registry()[name].observe(reader, place, lake.mesh)]
    everything = {each.address: each for each in (*found.values(), *brew)}
    return evaluate(Snapshot(everything[each] for each in sorted(everything)), principal_directory(lake.mesh))


def _read(lake: Lake) -> dict[str, Cells]:
    query = f'SELECT * FROM "{DATABASE}"."t"'
    return {reader: _cells(*asked(lake.athena(reader), query)) for reader in READERS}


def _disagreements(
    before: Access, after: Access, was: dict[str, Cells], now: dict[str, Cells], whose: dict[str, str]
) -> Iterator[str]:
    """`whose`: of each column that is filled, the raw column whose values it gets. Nobody knows what else is there."""
    told = difference(before, after)
    for reader in READERS:
        gained = [entry for entry in told.gained if entry.principal == reader]
        more = {cell.lower() for cell in now[reader]} - {cell.lower() for cell in was[reader]}
        if any(OTHER_VALUES in reason for entry in gained for reason in entry.reasons):
            continue
        columns = {whose[name] for entry in gained for name in entry.columns if name in whose}
        if {cell.partition("-")[0] for cell in more} != columns:
            yield f"{reader} comes to read {sorted(more)}, told {gained}"


def _step(operation: str, **parameters: str) -> dict[str, Any]:
    return {"Action": {"Operation": operation, "Parameters": parameters}}


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
