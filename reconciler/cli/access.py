"""access: who can read what, why, and what a change opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.asked import Answer, Asked
from reconciler.cli.day import Day
from reconciler.cli.options import (
    common,
    format_option,
    mesh_of,
    mesh_option,
    snapshot_option,
    valid_mesh_of,
    write_findings,
)
from reconciler.cli.signed_in import signed_in
from reconciler.cli.terminal import width

if TYPE_CHECKING:
    from reconciler.access import TableAccess
    from reconciler.spec.mesh import Mesh


@click.group(epilog="Example: meshform access who-can credit_card")
def command() -> None:
    """Who can read what, as the mesh asks for it or (--live) as AWS has it."""


def _question(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every question about one state."""
    for option in (
        common,
        format_option("text", "json", "csv", "markdown"),
        click.option("--verify", is_flag=True, help="With --live: compare with what AWS itself computes."),
        click.option("--as-of", metavar="REF", help="The mesh as it was at a commit, on the day of that commit."),
        click.option(
            "--on",
            metavar="DAY",
            type=Day(),
            help="What was asked for on a day, such as 2026-11-01 (UTC), what AWS had by then, and their difference.",
        ),
        snapshot_option,
        click.option("--live", is_flag=True, help="What AWS has, not what the mesh asks for."),
        mesh_option,
    ):
        command = option(command)
    return command


@command.command("who-can", epilog="Example: meshform access who-can sensitivity=restricted --format csv")
@click.argument("what", metavar="TABLE[.COLUMN]|PRODUCT|TAG=VALUE")
@_question
def who_can(what: str, **options: Any) -> None:
    """Who can read TABLE, each table of PRODUCT, or the columns of the whole mesh with an LF-tag: who, which columns,
    by which subscription, what for and until when. Of a COLUMN also why."""
    _tell(options, lambda asked: _readers(asked, what))


def _readers(asked: Asked, what: str) -> Answer:
    from reconciler.access.explanation.explain import explain
    from reconciler.access.queries.ask import who_can as facts_of_readers
    from reconciler.access.queries.find import tables_and_column, tagged_by
    from reconciler.access.queries.readers import readers_of
    from reconciler.report.access_json import list_json
    from reconciler.report.access_text import column_text, readers_text, tagged_text

    if "=" in what:
        columns = tagged_by(asked.access, asked.mesh, what)
        found = [each for place in sorted(columns) for each in readers_of(asked.access, place, columns[place])]
        facts = [*facts_of_readers(asked.access, asked.mesh, found, columns)]
        document = list_json(asked.access, found) if asked.form == "json" else {}
        return Answer(found, document, tagged_text(what, facts, len(columns)), facts)
    places, column = tables_and_column(asked.access, asked.mesh, what)
    admins = asked.access.self_granters(places[0])
    found = [each for place in places for each in asked.access.readers(place)]
    if column is None:
        facts = [*facts_of_readers(asked.access, asked.mesh, found, dict.fromkeys(places))]
        lines = readers_text(places, found, facts, asked.access.directory, admins)
    else:
        # Who may read more than is known, and whom IAM lets, may read this column as well.
        found = [each for each in found if column in each.columns or each.verdict != "enforced"]
        whys = [explain(asked.access, each.principal, places[0], column) for each in found]
        chosen = asked.access.tables[places[0]].mask([column])
        facts = [*facts_of_readers(asked.access, asked.mesh, found, {places[0]: chosen})]
        lines = column_text(f"{places[0]}.{column}", whys, facts, asked.access.directory, admins)
    return Answer(found, list_json(asked.access, found, admins), lines, facts)


@command.command("what-can", epilog="Example: meshform access what-can analytics-coe/data-scientist")
@click.argument("whose", metavar="PRINCIPAL|CONSUMER|ACCOUNT")
@_question
def what_can(whose: str, **options: Any) -> None:
    """What PRINCIPAL can read, or everybody of CONSUMER or ACCOUNT: each table with columns, rows and permissions, by
    which subscription, what for and until when."""
    _tell(options, lambda asked: _reads(asked, whose))


def _reads(asked: Asked, whose: str) -> Answer:
    from reconciler.access.queries.ask import members_of
    from reconciler.access.queries.ask import what_can as facts_of_principals
    from reconciler.access.queries.find import principal as find_principal
    from reconciler.report.access_json import list_json
    from reconciler.report.access_text import reads_text

    names = members_of(asked.access, asked.mesh, whose) or (find_principal(asked.access, asked.mesh, whose),)
    found: list[TableAccess] = []
    lines: list[str] = []
    for name in names:
        tables = list(asked.access.of(name))
        homes = sorted(account for account, arns in asked.access.state.admins.items() if name in arns)
        found += tables
        lines += reads_text(name, tables, asked.access.directory, homes)
    facts = [*facts_of_principals(asked.access, asked.mesh, names)]
    return Answer(found, list_json(asked.access, found), lines, facts)


@command.command("explain", epilog="Example: meshform access explain analytics-coe/data-scientist credit_card.amount")
@click.argument("principal", metavar="PRINCIPAL")
@click.argument("table", metavar="TABLE[.COLUMN]")
@_question
def explain_command(principal: str, table: str, **options: Any) -> None:
    """Why PRINCIPAL reads a table or column, and by which subscription; where he does not, what is missing, whose it
    is, and the YAML that would ask for it."""
    _tell(options, lambda asked: _explained(asked, principal, table))


def _explained(asked: Asked, principal: str, table: str) -> Answer:
    from reconciler.access.explanation.explain import explain
    from reconciler.access.explanation.subscribing import subscribing
    from reconciler.access.queries.ask import who_can as facts_of_readers
    from reconciler.access.queries.find import principal as find_principal
    from reconciler.access.queries.find import table_and_column
    from reconciler.report.access_json import explanation_json
    from reconciler.report.access_text import explanation_text, subscribing_text

    name = find_principal(asked.access, asked.mesh, principal)
    place, column = table_and_column(asked.access, asked.mesh, table)
    explained = explain(asked.access, name, place, column)
    why = subscribing(asked.access, asked.mesh, explained.access, column)
    document = explanation_json(asked.access, explained, why)
    lines = [*explanation_text(explained, asked.access.directory), *subscribing_text(why)]
    chosen = asked.access.tables[place].mask([column]) if column else None
    facts = [
        fact
        for fact in facts_of_readers(asked.access, asked.mesh, [explained.access], {place: chosen})
        if fact.principal == name
    ]
    return Answer([explained.access], document, lines, facts, is_told=True)


@command.command("diff", epilog="Example: meshform access diff --base origin/main")
@mesh_option
@click.option("--base", metavar="REF", help="Compare with the mesh as it was at this commit.")
@click.option("--live", is_flag=True, help="What carrying out the plan would open and close in AWS.")
@format_option("text", "json", "markdown")
@common
def diff(folder: str, base: str | None, live: bool, form: str, quiet: bool, verbose: int) -> None:
    """Who gains and who loses what since a commit, or by an apply; the worst first."""
    if live == (base is not None):
        raise click.UsageError("Say what to compare with: a commit by --base REF, or AWS by --live.")
    from reconciler import pipeline
    from reconciler.report.access_json import gaps_json
    from reconciler.report.access_markdown import difference_markdown
    from reconciler.report.access_text import difference_text

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    if live:
        reviewed = pipeline.review(mesh, observation=_look(mesh, quiet=quiet)[0])
        found = reviewed.access
    else:
        old = valid_mesh_of(pipeline.load_commit(folder, base or ""))
        found = pipeline.review(mesh, base=old, base_name=base).asked_access
    assert found is not None
    limit = 1_000_000 if verbose else 20
    if form == "json":
        show.data({"version": 1, "access": found.as_json(), "gaps": gaps_json(found.gaps)})
    else:
        show.lines(difference_markdown(found, limit) if form == "markdown" else difference_text(found, limit))


def _tell(options: dict[str, Any], answer: Callable[[Asked], Answer]) -> None:
    """Answer a question about one state; or about a day, of which there are two: what was asked for, what AWS had."""
    day: datetime | None = options.pop("on")
    if day is None:
        asked = _state(**options)
        _answer(asked, answer(asked))
        return
    if options["live"] or options["snapshot"] or options["as_of"] or options["verify"]:
        raise click.UsageError("--on DAY looks for the commit and the snapshot of that day: give no other state.")
    from reconciler.cli.on_day import tell

    tell(options["folder"], day.date(), options["form"], answer, quiet=options["quiet"])


def _state(
    *,
    folder: str,
    live: bool,
    snapshot: Path | None,
    as_of: str | None,
    verify: bool,
    form: str,
    quiet: bool,
    verbose: int,
) -> Asked:
    """The wanted state of the folder or of a commit, or the found one: now, or when a snapshot was taken."""
    del verbose
    if snapshot is not None and (live or as_of or verify):
        raise click.UsageError("--snapshot FILE is what AWS had: give none of --live, --as-of and --verify.")
    if live and as_of:
        raise click.UsageError("--live is what AWS has now; --as-of REF is what the mesh asked for. Choose one.")
    if verify and not live:
        raise click.UsageError("--verify compares with what AWS computes, so it needs --live.")
    from reconciler import pipeline
    from reconciler.access import evaluate, principal_directory
    from reconciler.cli.on_day import at_commit
    from reconciler.kinds import registry
    from reconciler.kinds.identitycenter.center_names import with_center_ids
    from reconciler.plan.compile import compile_mesh
    from reconciler.plan.understood import live_access

    loaded = at_commit(folder, as_of) if as_of else pipeline.load_folder(folder)
    mesh = mesh_of(loaded, quiet=quiet)
    if snapshot is not None:
        observation = show.snapshot(mesh, snapshot, quiet=quiet)
        mesh = with_center_ids(mesh, observation)
        return Asked(mesh, live_access(mesh, observation), form, None)
    if live:
        observation, sessions = _look(mesh, quiet=quiet)
        mesh = with_center_ids(mesh, observation)
        return Asked(mesh, live_access(mesh, observation), form, sessions if verify else None)
    return Asked(mesh, evaluate(compile_mesh(mesh, registry()), principal_directory(mesh)), form, None)


def _look(mesh: Mesh, *, quiet: bool) -> Any:
    """What AWS has, and the sessions by which it was read."""
    from reconciler import pipeline

    sessions = signed_in(mesh, writes=False)
    with show.progress("Reading AWS", quiet=quiet) as say:
        return pipeline.look(mesh, sessions, say), sessions


def _answer(asked: Asked, answer: Answer) -> None:
    """Write the answer in the form that was asked for, what was not seen for it, and where AWS disagrees with it."""
    from reconciler.cli.verifying import verified
    from reconciler.report.access_facts import facts_rows, facts_table
    from reconciler.report.access_json import gaps_json
    from reconciler.report.access_markdown import as_markdown
    from reconciler.report.access_text import gap_lines
    from reconciler.report.json_v1 import finding_json
    from reconciler.report.table import WIDE, table_csv, table_markdown, table_text

    findings = [] if asked.verifier is None else list(verified(asked, asked.verifier, answer.found))
    if asked.form == "json":
        checked = {} if asked.verifier is None else {"findings": [finding_json(finding) for finding in findings]}
        rows = [fact.as_json() for fact in answer.facts]
        show.data({**answer.document, "facts": rows, "gaps": gaps_json(asked.access.gaps), **checked})
        return
    if asked.form == "csv":
        click.echo(table_csv(facts_rows(answer.facts)), nl=False)
        show.lines(gap_lines(asked.access.gaps, asked.access.directory), err=True)
        write_findings(findings)
        return
    table = facts_table(answer.facts)
    every = [*answer.lines, *gap_lines(asked.access.gaps, asked.access.directory)]
    if asked.form == "markdown":
        show.lines([*as_markdown(every), *(("", *table_markdown(table)) if table.rows and not answer.is_told else ())])
    else:
        show.lines([*every, *(("", *table_text(table, width() or WIDE)) if table.rows and not answer.is_told else ())])
    write_findings(findings)
