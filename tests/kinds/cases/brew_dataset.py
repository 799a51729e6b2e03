"""DataBrew datasets: where raw files lie and how they are written; somebody else's dataset."""

from __future__ import annotations

from tests.estate import BANKING, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import CREDIT

SOURCE = "source: {location: raw/, format: csv}"


def make(estate: Estate) -> None:
    source = {"S3InputDefinition": {"Bucket": "theirs", "Key": "x/"}}
    estate.client("databrew", BANKING).create_dataset(Name="theirs", Input=source)


def survives(estate: Estate) -> bool:
    return [each["Name"] for each in estate.client("databrew", BANKING).list_datasets()["Datasets"]] == ["theirs"]


CASE = Case(
    edits={
        "place": ((CREDIT, SOURCE, "source: {location: other/, format: csv}"),),
        "format": ((CREDIT, SOURCE, "source: {location: raw/, format: json}"),),
        "delimiter": ((CREDIT, SOURCE, 'source: {location: raw/, format: csv, csv: {delimiter: ";"}}'),),
    },
    fixed={"mark": "our tag"},
    neighbour=Neighbour(make, survives),
)
