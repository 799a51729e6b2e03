"""What a product's topic tells of an event: fields that are listed here, and nothing else of it.

Events of the catalog have the values of partitions and the names of all tables that one request changed, and those of
crawls have messages. A value is data that a row filter may hide, and a table may be one that a listener does not read.
So EventBridge puts events into a form of ours, which says in `about` the one thing by which listeners choose.

| event          | `about`                            | `change`          |
|----------------|------------------------------------|-------------------|
| of the catalog | ARN of the (first) table, or of    | the operation     |
|                | the database where there is none   |                   |
| of a crawl     | name of the crawler, and its state | Crawl             |

EventBridge cannot do so for a bus of another account: what may not be told whole is not sent there.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

CRAWL = "Crawl"
SUCCEEDED = "Succeeded"

_ABOUT = re.compile(rf"arn:[a-z-]+:glue:[^,]+:table/[^,]+/[^,]+|[^,]+ {SUCCEEDED}")
_ENVELOPE = {
    "id": "$.id",
    "type": "$.detail-type",
    "source": "$.source",
    "account": "$.account",
    "time": "$.time",
    "region": "$.region",
}


def table_arn(mesh: Mesh, database: str, table: str) -> str:
    """ARN of a table of the central catalog, as events have it among their resources."""
    return f"arn:{partition(mesh.region)}:glue:{mesh.region}:{mesh.central.id}:table/{database}/{table}"


def about_table(mesh: Mesh, product: Product, table: Table) -> str:
    """What news of a table is about."""
    return table_arn(mesh, product.database_of(table), table.name)


def about_crawl(crawler: str, state: str) -> str:
    """What news of a crawl is about."""
    return f"{crawler} {state}"


def is_about(text: str) -> bool:
    """Whether a text is something that news for readers is about."""
    return _ABOUT.fullmatch(text) is not None


def _transformer(paths: Mapping[str, str], told: Mapping[str, object]) -> str:
    """An input transformer of EventBridge, as canonical JSON. Each variable is a text, so it stands in quotes."""
    envelope = {
        "version": "0",
        "id": "<id>",
        "detail-type": "<type>",
        "source": "<source>",
        "account": "<account>",
        "time": "<time>",
        "region": "<region>",
    }
    template = json.dumps({**envelope, **told}, separators=(",", ":"))
    transformer = {"InputPathsMap": {**_ENVELOPE, **paths}, "InputTemplate": template}
    return json.dumps(transformer, sort_keys=True, separators=(",", ":"))


TOLD_OF_CATALOG = _transformer(
    {"about": "$.resources[0]", "change": "$.detail.typeOfChange", "database": "$.detail.databaseName"},
    {
        "resources": ["<about>"],
        "about": "<about>",
        "change": "<change>",
        "detail": {"databaseName": "<database>", "typeOfChange": "<change>"},
    },
)
TOLD_OF_CRAWLS = _transformer(
    {"crawler": "$.detail.crawlerName", "state": "$.detail.state"},
    {
        "resources": [],
        "about": about_crawl("<crawler>", "<state>"),
        "change": CRAWL,
        "detail": {"crawlerName": "<crawler>", "state": "<state>"},
    },
)
