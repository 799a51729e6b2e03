"""init: make a new mesh repository."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common
from reconciler.errors import MeshformError

_QUESTIONS = {
    "name": "Name of the mesh",
    "organization": "GitHub organization whose teams own the data",
    "region": "Home region in AWS",
    "central": "Account id of the central account (the catalog)",
    "domain": "First domain (a part of the business that owns data)",
    "producer": "Account id of that domain",
    "product": "First product of that domain",
    "consumer": "First consumer",
    "reader": "Account id of that consumer",
    "governance": "GitHub team that governs",
}


@click.command(epilog="Example: meshform init my-mesh --organization acme --yes")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--name", metavar="NAME", help=f"{_QUESTIONS['name']}. Default: the folder's name.")
@click.option("--organization", metavar="NAME", help=_QUESTIONS["organization"] + ".")
@click.option("--region", metavar="REGION", help=_QUESTIONS["region"] + ".")
@click.option("--central", metavar="ID", help=_QUESTIONS["central"] + ".")
@click.option("--domain", metavar="NAME", help=_QUESTIONS["domain"] + ".")
@click.option("--producer", metavar="ID", help=_QUESTIONS["producer"] + ".")
@click.option("--product", metavar="NAME", help=_QUESTIONS["product"] + ".")
@click.option("--consumer", metavar="NAME", help=_QUESTIONS["consumer"] + ".")
@click.option("--reader", metavar="ID", help=_QUESTIONS["reader"] + ".")
@click.option("--governance", metavar="TEAM", help=_QUESTIONS["governance"] + ".")
@click.option(
    "--meshform-source",
    "source",
    metavar="SOURCE",
    help="Where the repository gets Meshform from: git+https://HOST/OWNER/REPO@COMMIT, OWNER/REPO@COMMIT, "
    "meshform==VERSION#sha256=DIGEST, a wheel file, or its address with #sha256=DIGEST. "
    "Default: where this one came from.",
)
@click.option(
    "--policies", is_flag=True, help="Also policies to start with, and terms of what is confidential and restricted."
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
@common
def command(
    folder: str, source: str | None, policies: bool, yes: bool, quiet: bool, verbose: int, **given: str | None
) -> None:
    """Make a mesh repository: a first domain, product, consumer and subscription, the workflows, CODEOWNERS, editor
    settings. It validates and plans at once. Nothing that is there is overwritten.
    """
    del verbose
    from reconciler.scaffold.answers import Answers
    from reconciler.scaffold.repository import repository
    from reconciler.scaffold.source import own_source, put_wheel, requirement
    from reconciler.spec.today import today

    place = Path(folder)
    own = place.resolve().name
    defaults = Answers(
        name=own.lower().replace("_", "-").replace(".", "-"),
        organization=own.lower().replace("_", "-").replace(".", "-"),
    )
    source = source or own_source()
    line = requirement(source) if source else None
    answers = {}
    for field, question in _QUESTIONS.items():
        default = str(getattr(defaults, field))
        asks = given[field] is None and not yes and sys.stdin.isatty()
        answers[field] = given[field] or (click.prompt(question, default=default) if asks else default)
    made = repository(Answers(**answers, policies=policies), today(), line)
    there = [path for path in made if (place / path).exists()]
    if there:
        raise MeshformError(
            f"{', '.join(there[:5])}{' and more' if len(there) > 5 else ''} are there already; nothing was written. "
            "Choose an empty folder."
        )
    for path, text in made.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if source:
        put_wheel(source, place)
    if line is None:
        missing = "Say in requirements.txt where Meshform comes from; the file says how. Its jobs fail until then."
        show.lines([missing], err=True)
    if not quiet:
        show.lines([f"Made {len(made)} files in {place}. Next: `meshform validate` there; then read its README.md."])
