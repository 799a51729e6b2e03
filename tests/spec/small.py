"""A small mesh that is right, and a way to say where it is made wrong: the sign § stands before the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reconciler.spec.load import Loaded, load
from reconciler.spec.yaml.source import Source

TODAY = date(2026, 11, 22)

FILES: dict[str, str] = {
    "mesh.yaml": """\
apiVersion: meshform/v1
kind: Mesh
name: demo
region: eu-west-1
central: central
roles: {plan: reader, apply: writer}
""",
    "accounts/central.yaml": """\
apiVersion: meshform/v1
kind: Account
name: central
id: "111111111111"
parts: [central]
""",
    "accounts/data.yaml": """\
apiVersion: meshform/v1
kind: Account
name: data
id: "222222222222"
parts: [producer]
""",
    "accounts/lab.yaml": """\
apiVersion: meshform/v1
kind: Account
name: lab
id: "444444444444"
parts: [consumer]
""",
    "lf-tags/sensitivity.yaml": """\
apiVersion: meshform/v1
kind: LFTag
name: sensitivity
description: How sensitive.
values:
  - {value: public, description: For all.}
  - {value: internal, description: For us.}
  - {value: secret, description: For few.}
ordered: true
""",
    "lf-tags/subject.yaml": """\
apiVersion: meshform/v1
kind: LFTag
name: subject
description: What about.
values:
  - {value: trade, description: Buying and selling.}
  - {value: people, description: Staff.}
""",
    "teams/sales-team.yaml": """\
apiVersion: meshform/v1
kind: Team
name: sales-team
description: Decides about the data of sales.
github: acme/sales
email: sales@example.com
""",
    "teams/lab-team.yaml": """\
apiVersion: meshform/v1
kind: Team
name: lab-team
description: Decides who reads in the laboratory.
members: [ada, grace]
""",
    "domains/sales/domain.yaml": """\
apiVersion: meshform/v1
kind: Domain
name: sales
description: Selling.
owner: sales-team
account: data
""",
    "domains/sales/products/orders.yaml": """\
apiVersion: meshform/v1
kind: Product
name: orders
domain: sales
owner: sales-team
description: What customers ordered.
database: orders
tags: {subject: trade}
tables:
  - name: order
    tags: {sensitivity: internal}
    columns:
      - {name: id, type: string}
      - {name: amount, type: int}
      - {name: email, type: string, tags: {sensitivity: secret}}
    partitionKeys:
      - {name: day, type: date}
""",
    "consumers/lab/consumer.yaml": """\
apiVersion: meshform/v1
kind: Consumer
name: lab
description: The laboratory.
owner: lab-team
account: lab
principals:
  - {name: analyst, role: analyst}
""",
    "consumers/lab/subscriptions/study.yaml": """\
apiVersion: meshform/v1
kind: Subscription
name: study
consumer: lab
product: sales/orders
clearance: {sensitivity: [internal]}
principals: [analyst]
purpose: A study.
approval: {by: sales-team, at: 2026-11-01}
""",
}

PRODUCT = "domains/sales/products/orders.yaml"
DOMAIN = "domains/sales/domain.yaml"
STUDY = "consumers/lab/subscriptions/study.yaml"
LAB = "consumers/lab/consumer.yaml"


def changed(*changes: tuple[str, str, str], **_: str) -> dict[str, str]:
    """The small mesh with texts replaced: (file, old, new). An empty `old` puts `new` at the end of the file."""
    files = dict(FILES)
    for file, old, new in changes:
        text = files.get(file, "")
        assert old in text, f"{old!r} is not in {file}"
        files[file] = text.replace(old, new, 1) if old else text + new
    return files


def sources(files: Mapping[str, str | bytes]) -> list[Source]:
    """Files as sources of a mesh in the folder mesh/."""
    return [Source(path, text.encode() if isinstance(text, str) else text, "mesh") for path, text in files.items()]


def loaded(files: Mapping[str, str | bytes], today: date = TODAY) -> Loaded:
    """What load() makes of files."""
    return load(sources(files), today)


def said(files: Mapping[str, str | bytes], today: date = TODAY) -> list[str]:
    """Every finding as people see it: place, rule and sentence."""
    return [str(finding) for finding in loaded(files, today).findings]


def places(files: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The files without the signs §, and the place of each sign as `file:line:column`."""
    clean, found = {}, []
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), 1):
            taken = 0
            for column, sign in enumerate(line, 1):
                if sign == "§":
                    found.append(f"mesh/{path}:{number}:{column - taken}")
                    taken += 1
        clean[path] = text.replace("§", "")
    return clean, found
