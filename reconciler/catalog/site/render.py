"""Render: the files of the site, by Jinja, which escapes whatever documents say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING

from reconciler.catalog.site import data_file
from reconciler.catalog.site.addresses import anchor, columns_page, href, tag_page
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.pages import pages, worst_states
from reconciler.errors import MeshformError
from reconciler.report.plain import shortened
from reconciler.report.usage import when
from reconciler.spec.mesh import Mesh

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST = 600
STATIC = ("site.css", "site.js", "ask.js", "uFuzzy.iife.min.js", "uFuzzy.LICENSE.txt")


def site(mesh: Mesh, choices: Choices) -> Iterator[tuple[str, str]]:
    """The files of a site: path and text. Raises MeshformError where Jinja is not installed."""
    environment = _environment()
    every = {
        "mesh": mesh.name,
        "today": str(choices.today),
        "is_public": choices.public,
        "live": choices.live,
        "has_requests": choices.requests is not None,
        "has_past": choices.past is not None,
        "tags": mesh.tags,
        "teams": () if choices.public else tuple(mesh.teams.values()),
        "team_names": frozenset() if choices.public else frozenset(mesh.teams),
        "documents": _documents(mesh, choices),
        "used": _last_uses(choices),
    }
    for page in pages(mesh, choices):
        told = {**every, "top": "../" * page.path.count("/"), "path": page.path, **page.told}
        yield page.path, environment.get_template(page.template).render(told)
    yield data_file.NAME, data_file.data_file(mesh, choices.today, worst_states(choices), public=choices.public)
    for name in STATIC:
        yield name, (files(__package__) / "static" / name).read_text(encoding="utf-8")


def _short(text: str) -> str:
    """What commits, pull requests and AWS say, in so few signs that a page with many of them can be shown."""
    return shortened(text, _LONGEST)


def _documents(mesh: Mesh, choices: Choices) -> Mapping[str, str]:
    """Pages of documents, by kind and name as the history calls them."""
    found = {f"Product {name}": f"products/{name}.html" for name in mesh.products}
    found |= {f"Domain {name}": f"domains/{name}.html" for name in mesh.domains}
    found |= {f"LFTag {name}": tag_page(name) for name in mesh.tags}
    if not choices.public:
        found |= {f"Team {name}": f"teams/{name}.html" for name in mesh.teams}
        found |= {f"Consumer {name}": f"consumers/{name}.html" for name in mesh.consumers}
        found |= {f"Subscription {each.name}": f"consumers/{each.consumer}.html" for each in mesh.written.values()}
    return found


def _last_uses(choices: Choices) -> Mapping[str, str] | None:
    """By subscription: when it was last used, in words; None where nobody has asked."""
    return {name: when(each) for name, each in choices.used.items()} if choices.used is not None else None


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
    except ImportError:
        raise MeshformError(
            "The site needs Jinja.", hints=("install it with `pip install 'meshform[site]'`",)
        ) from None
    # Every template ends in .html, so that all of them escape; a name that is not told is an error.
    made = Environment(
        loader=PackageLoader("reconciler.catalog.site"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"anchor": anchor, "href": href, "short": _short}
    made.globals |= {"columns_page": columns_page, "tag_page": tag_page}
    return made
