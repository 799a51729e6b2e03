"""A page shows what others wrote as text, whatever they wrote, and needs nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.audit.html import page
from reconciler.audit.report import Report
from reconciler.report.plain import plain

NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["</td><script>a()</script>", '" onload="x', "&lt;b&gt;", "<!--", "]]>", "\u202eevil", "'", "\x00"]
    ),
)


TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "table", "thead", "tr", "th", "tbody", "td"}


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] in ("td", "th") and self.cells:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")


@settings(max_examples=60)
@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=5), NASTY)
def test_nothing_that_somebody_wrote_becomes_markup(rows: list[tuple[str, str]], title: str) -> None:
    made = Report("x", title, (title,), ("a", "b"), tuple({"a": a, "b": b} for a, b in rows))
    seen = Seen()
    seen.feed(page(made))
    assert {tag.strip("/") for tag in seen.tags} <= TAGS
    assert seen.attributes <= {"lang", "charset", "http-equiv", "content", "scope"}
    shown = [name for name in ("a", "b") if any(row[name] for row in made.rows)]
    cells = [plain(str(row[name])) for row in made.rows for name in shown]
    assert seen.cells[len(shown) :] == cells


def test_the_page_loads_nothing() -> None:
    text = page(Report("x", "t", (), ("a",), ({"a": "https://example.com"},)))
    assert "default-src &#x27;none&#x27;" in text
    assert "src=" not in text.replace("default-src", "")
    assert "href" not in text
