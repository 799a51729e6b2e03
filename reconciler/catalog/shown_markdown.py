"""What is shown of one thing, as Markdown in which the words of others stay words."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalog.listing import table_of
from reconciler.catalog.shown import Shown, readers_table, requests_table, said_fields
from reconciler.report.markdown import inline
from reconciler.report.table import Table, table_markdown

_PROMISED = ("state", "of what", "promised", "what was seen")


def shown_markdown(thing: Shown) -> Iterator[str]:
    """The thing for an issue, a wiki or a pull request."""
    yield f"## {thing.kind} {inline(str(thing.fields['name']))}"
    yield ""
    yield from (f"- {name}: {inline(value)}" for name, value in said_fields(thing))
    promised = tuple(
        (each.state, f"{each.sort} of {each.table}" if each.table else each.sort, each.promised, each.seen)
        for each in thing.promises
    )
    tables = {
        "promises": Table(_PROMISED, promised),
        **{heading: table_of(what, rows) for heading, (what, rows) in thing.parts.items()},
        "requests": requests_table(thing),
        thing.who: readers_table(thing),
    }
    for heading, table in tables.items():
        if table.rows:
            yield from ("", f"### {heading}", "", *table_markdown(table))
