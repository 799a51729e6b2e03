"""new: make a document by answering a few questions."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import Unsaid, answer
from reconciler.cli.init import command as init
from reconciler.cli.new_policy import command as policy
from reconciler.cli.new_source import source_of, tell, text_of_product, told_by
from reconciler.cli.options import common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, say_who_approves, written
from reconciler.cli.proposing import propose as propose_document
from reconciler.cli.request import command as request
from reconciler.errors import MeshformError
from reconciler.making.questions import QUESTIONS, known
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.team import Team
from reconciler.spec.language.registry import kind_of

if TYPE_CHECKING:
    from reconciler.making.answers import Value
    from reconciler.making.found import FoundProduct
    from reconciler.spec.mesh import Mesh


_MANY = 12
"""Answers that a question lists."""
_EXAMPLES: dict[type[Document], str] = {
    Account: "--name sales-data --id 444455556666 --parts producer",
    Consumer: "--name analytics --account analytics-account --roles analyst",
    Domain: "--name sales --account sales-data",
    Product: "--from orders.csv --domain sales --description 'Orders of the shop.'",
    Team: "--name sales-stewards --github acme/sales-stewards",
}


@click.group(epilog="Example: meshform new product --from customers.csv")
def command() -> None:
    """Make a document by answering a few questions, in the folder where it belongs. Nothing that is there is touched.

    On a terminal it asks for what is not given. Nothing is written where an answer is wrong or missing.
    """


def _maker(kind: type[Document], example: str) -> click.Command:
    """The command that makes a document of a kind."""
    word = kind_of(kind).lower()
    text = f"Make {'an' if word == 'account' else 'a'} {word}.\n\nWhat that opens and who must approve it is said."

    def run(folder: str, propose: bool, base: str, quiet: bool, verbose: int, **given: str | None) -> None:
        del verbose
        _make(kind, folder, given, base if propose else None, quiet=quiet)

    made: Callable[..., None] = common(run)
    made = click.option("--base", default="main", show_default=True, metavar="BRANCH", help="Where that leads to.")(
        made
    )
    made = click.option("--propose", is_flag=True, help="Open the pull request.")(made)
    for question in reversed(QUESTIONS[kind]):
        made = click.option(f"--{question.name}", question.field, metavar="TEXT", help=f"{question.asks}.")(made)
    if kind is Product:
        text += (
            " Columns, types and partition keys come from the file of data, the contract or the table of Glue. "
            "Labels are guessed by names and marked as guesses in the document: confirm them. No clearance opens what "
            "has no label."
        )
        made = click.option("--encoding", metavar="NAME", help="How a CSV file is written. Default: utf-8.")(made)
        made = click.option(
            "--from",
            "source",
            metavar="FILE",
            help="A CSV, Parquet or JSON file; a data contract (YAML); glue:[ACCOUNT/]DATABASE.TABLE.",
        )(made)
    return click.command(word, help=text, epilog=f"Example: meshform new {word} {example}")(mesh_option(made))


def _make(kind: type[Document], folder: str, given: dict[str, str | None], base: str | None, *, quiet: bool) -> None:
    from reconciler import pipeline
    from reconciler.making.document import path_of, text_of

    need_forge(is_proposed=base is not None)
    before = valid_mesh_of(pipeline.load_folder(folder))
    found, unsaid = None, list[Unsaid]()
    if kind is Product:
        try:
            found = source_of(before, given.get("source"), given.get("encoding") or "utf-8")
        except Unsaid as missing:
            unsaid.append(missing)
    answers = _answers(before, kind, given, found, unsaid)
    path = path_of(kind, answers)
    if os.path.lexists(Path(folder) / path):
        raise MeshformError(f"{Path(folder) / path} is there already, and was not touched. Choose another name.")
    text = text_of(kind, answers) if found is None else text_of_product(before, answers, found)
    after = written(folder, path, text, before, quiet=quiet)
    if found is not None:
        tell(found, after.products[str(answers["name"])], after, text.count(" # a guess, "))
    say_who_approves(before, after)
    name = answers["name"]
    if base is not None:
        title, body = f"Add {kind_of(kind).lower()} {name}", "Made by `meshform new`."
        propose_document(folder, path, text, base, f"meshform/new-{kind_of(kind).lower()}-{name}", title, body)
    elif not quiet:
        owners = "" if kind.__name__ == "Team" else " run `meshform owners`,"
        # What is a comment until somebody says it has not its place yet.
        owners = owners if found is None else " run `meshform fmt` and `meshform owners`,"
        show.hint(f"look it over,{owners} commit {Path(folder) / path} and open a pull request")


def _answers(
    mesh: Mesh, kind: type[Document], given: dict[str, str | None], found: FoundProduct | None, unsaid: list[Unsaid]
) -> dict[str, Value]:
    """The fields of the document, in the order of the questions. Raises Unsaid with all that is missing."""
    from reconciler.making.answers import default, value_of

    answers: dict[str, Value] = {}
    stem = found.tables[0].name if found is not None else "named-by-the-source" if unsaid else ""
    for question in QUESTIONS[kind]:
        said = given[question.field]
        if said is None and question.instead_of in answers:
            continue
        there = known(mesh, question.among) if question.among else ()
        asks = f"{question.asks} ({', '.join(there)})" if 0 < len(there) <= _MANY else question.asks
        read = partial(value_of, mesh, kind, question)
        first = told_by(found, question.field, read) if said is None else None
        try:
            value = answer(said, asks, f"--{question.name}", read, first or default(mesh, question, answers, stem))
        except Unsaid as missing:
            unsaid.append(missing)
            continue
        if value is not None:
            answers[question.field] = value
        if question.field == "name" and said is not None and value != said:
            show.note(f"It is called {value}.")
    if unsaid:
        raise unsaid[0] if len(unsaid) == 1 else Unsaid(*(option for each in unsaid for option in each.options))
    return answers


for _kind, _example in _EXAMPLES.items():
    command.add_command(_maker(_kind, _example))
command.add_command(policy)
command.add_command(request, "subscription")
command.add_command(init, "mesh")
