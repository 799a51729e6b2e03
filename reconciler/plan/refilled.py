"""Refilled: tables that a recipe would fill with other values of the raw files, and what their columns would show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access import TableView
from reconciler.kinds.databrew.databrew_dataset import Dataset
from reconciler.kinds.databrew.databrew_job import BrewJob
from reconciler.kinds.databrew.databrew_recipe import BrewRecipe
from reconciler.kinds.glue.column_identity import sources
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Create, Update
from reconciler.plan.review import Review


def refilled(reviewed: Review) -> Iterable[tuple[TableView, TableView]]:
    """The tables before and after, where a plan changes a recipe, what it reads or where it writes to.

    A recipe that comes to a table that was there counts where a pull request asks for it, or where it comes from
    another table; else a run before this one has ended too early. Where one goes the files stay as they are.
    """
    access = reviewed.access
    if access is None or not any(_is_of_recipe(step.change.resource.spec) for step in reviewed.steps):
        return
    asked = reviewed.asked or ()
    made = {each.address.name for each in asked if isinstance(each, Create) and isinstance(each.want.spec, Table)}
    turned = (step.change for step in reviewed.steps if isinstance(step.change, Update))
    is_brought = any(_is_of_recipe(change.resource.spec) for change in (*asked, *turned))
    for view in access.after.tables.values():
        old = access.before.tables.get(view.id)
        if old is None or _made_by(old) == _made_by(view) or not view.layout.reading.filled:
            continue
        if old.layout.reading.filled or (is_brought and str(view.id) not in made):
            yield old, view


def moves(old: TableView, view: TableView) -> Iterator[tuple[str, str]]:
    """Columns whose name gets other values: with the column whose values these are, or nothing where it is none."""
    for way in sources(old.layout, view.layout):
        for column, source in zip(view.columns, way, strict=True):
            origin = old.columns[source] if source is not None else ""
            if column in old.columns and origin != column:
                yield column, origin


def _made_by(view: TableView) -> object:
    return view.layout.reading.raw, view.layout.reading.filled


def _is_of_recipe(spec: object) -> bool:
    return isinstance(spec, Dataset | BrewRecipe | BrewJob)
