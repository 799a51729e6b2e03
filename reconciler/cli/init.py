"""init: make a new mesh repository."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import answer, forget_answers
from reconciler.cli.options import common
from reconciler.errors import MeshformError
from reconciler.scaffold.questions import QUESTIONS

if TYPE_CHECKING:
    from reconciler.forge.protocol import ForgeName


@click.command(epilog="Example: meshform init my-mesh --organization acme --yes")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option(
    "--forge",
    type=click.Choice(["github", "gitlab"]),
    default="github",
    show_default=True,
    help="Where people review: it gets the jobs, CODEOWNERS and templates of that forge.",
)
@click.option("--name", metavar="NAME", help=f"{QUESTIONS['name']}. Default: the folder's name.")
@click.option("--organization", metavar="NAME", help=QUESTIONS["organization"] + ".")
@click.option("--region", metavar="REGION", help=QUESTIONS["region"] + ".")
@click.option("--central", metavar="ID", help=QUESTIONS["central"] + ".")
@click.option("--domain", metavar="NAME", help=QUESTIONS["domain"] + ".")
@click.option("--producer", metavar="ID", help=QUESTIONS["producer"] + ".")
@click.option("--product", metavar="NAME", help=QUESTIONS["product"] + ".")
@click.option("--consumer", metavar="NAME", help=QUESTIONS["consumer"] + ".")
@click.option("--reader", metavar="ID", help=QUESTIONS["reader"] + ".")
@click.option("--governance", metavar="TEAM", help=QUESTIONS["governance"] + ".")
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
    folder: str,
    forge: ForgeName,
    source: str | None,
    policies: bool,
    yes: bool,
    quiet: bool,
    verbose: int,
    **given: str | None,
) -> None:
    """Make a mesh repository: a first domain, product, consumer and subscription, the jobs of the forge, CODEOWNERS,
    editor settings. It validates and plans at once. Nothing that is there is overwritten.

    On a terminal it asks for what is not given; a wrong answer is asked again. Elsewhere nothing is written where an
    answer is missing, unless --yes takes the defaults.
    """
    del verbose
    from reconciler.making.writing import write
    from reconciler.scaffold.answers import Answers
    from reconciler.scaffold.repository import repository
    from reconciler.scaffold.source import own_source, put_wheel, requirement
    from reconciler.spec.today import today

    place = Path(folder)
    if os.path.lexists(place / "mesh" / "mesh.yaml"):
        raise MeshformError(f"{place / 'mesh' / 'mesh.yaml'} is there already: this is a mesh. Nothing was written.")
    source = source or own_source()
    line = requirement(source) if source else None
    made = repository(Answers(**_answers(place, forge, given, yes=yes), policies=policies, forge=forge), today(), line)
    there = {path for path in made if os.path.lexists(place / path)}
    inside = [path for path in sorted(there) if path.startswith("mesh/")]
    if inside:
        raise MeshformError(f"{', '.join(inside[:5])} are there already; nothing was written. Choose another folder.")
    write(place, {path: text for path, text in made.items() if path not in there})
    forget_answers()
    if source:
        put_wheel(source, place)
    lines = [f"{path} is there already and was left as it is." for path in sorted(there)]
    if line is None:
        lines.append("Say in requirements.txt where Meshform comes from; the file says how. Its jobs fail until then.")
    show.lines(lines, err=True)
    if not quiet:
        count = len(made) - len(there)
        where = "this folder" if folder == "." else folder
        show.lines([f"Made {count} files in {where}. Next: `meshform validate` there; then read its README.md."])


def _answers(place: Path, forge: str, given: dict[str, str | None], *, yes: bool) -> dict[str, str]:
    """An answer to each question. UsageError where one is missing and nobody can be asked."""
    from reconciler.scaffold.answers import Answers
    from reconciler.scaffold.questions import value_of
    from reconciler.spec.slug import slug

    own = slug(place.resolve().name) or "mesh"
    defaults = Answers(name=own, organization=own)
    missing = [f"--{field}" for field in QUESTIONS if given[field] is None]
    if missing and not yes and not sys.stdin.isatty():
        raise click.UsageError(f"Say --yes to take the defaults for {', '.join(missing)}. Nothing was written.")
    answers: dict[str, str] = {}
    for field, question in QUESTIONS.items():
        said = given[field] if given[field] is not None or not yes else str(getattr(defaults, field))
        default = str(getattr(defaults, field))
        fits = partial(value_of, field, before=answers, forge=forge)
        answers[field] = answer(said, question, f"--{field}", fits, default)
        if given[field] is not None and answers[field] != given[field]:
            show.note(f"--{field} is taken as {answers[field]}.")
    return answers
