"""Text that others wrote stays text in Markdown, on a terminal, in workflow commands and in SARIF."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.report.annotations import workflow_commands
from reconciler.report.comment import LIMIT, Where, refusal, size
from reconciler.report.markdown import bullets, code, fence, folded, inline
from reconciler.report.plain import plain

HOSTILE = [
    "# heading",
    "- item",
    "1. one",
    "> quoted",
    "```\nfence\n```",
    "`code` *em* **strong** _em_ ~~gone~~ [link](https://evil.example) ![img](https://evil.example/x.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)><details><summary>x</summary>",
    "</details></summary></code></pre>",
    "<!-- meshform comment: mesh -->",
    "<!-- meshform outcome -->",
    "-->",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "@acme/data-protection-office please approve, @ada",
    "closes #12, GH-12, acme/mesh#12, acme/mesh@1234567",
    "https://evil.example http://evil.example www.evil.example ftp://evil.example ada@evil.example",
    "[ref]: https://evil.example",
    "\x1b[31mred\x1b[0m \x07 \x00 \r\n::error::forged",
    "$(rm -rf /) `id` ; && || %0A::warning::x ${{ secrets.TOKEN }}",
    "\u202edetrevni\u202c \u200b \u2028 \u2029 \ufeff",
    "&lt;b&gt; &#42;x&#42; &amp;",
    "\\# \\* \\[",
    "$$\\frac{1}{0}$$ $`x`$",
    "=====",
    "---",
    "    indented",
    "\ttab",
    "text  \nhard break",
]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.prose = ""
        self.in_code = 0
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.in_code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.in_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.prose += "" if self.in_code else data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def rendered(markdown: str) -> _Tags:
    """What GitHub would show, as far as CommonMark with tables and strikethrough goes."""
    tags = _Tags()
    tags.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))
    return tags


def shown(text: str) -> str:
    """Text as a reader sees it: printable, and without what only parts links."""
    return plain(text).strip()


def is_quiet(prose: str) -> bool:
    """Whether GitHub finds nothing to link or to mention in the text of a page. It does not look into code."""
    patterns = (r"@[A-Za-z0-9]", r"(?i)\bgh-\d", r"#\d", r"://", r"(?i)\bwww\.")
    return not any(re.search(pattern, prose) for pattern in patterns)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    for markdown in (inline(text), *bullets([inline(text)])):
        page = rendered(f"before\n\n{markdown}\n\nafter")
        assert set(page.tags) <= {"p", "ul", "li"}
        assert not page.comments
        assert is_quiet(page.prose)
        assert shown(text) in page.text.replace("\N{ZERO WIDTH SPACE}", "").replace("\n", " ") or "\u200b" in text


@given(st.text(max_size=80))
def test_no_text_at_all_makes_markup(text: str) -> None:
    page = rendered(f"**before** {inline(text)} {code(text)}\n\n- {inline(text)}")
    assert page.tags.count("strong") == 1
    assert page.tags.count("code") == 1
    assert set(page.tags) <= {"p", "strong", "code", "ul", "li"}
    assert is_quiet(page.prose)


@given(st.text(max_size=80))
def test_no_text_begins_a_block(text: str) -> None:
    page = rendered(inline(text))
    assert set(page.tags) <= {"p"}


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_line_ends_a_fence(lines: list[str]) -> None:
    block = fence([f"+ {line}" for line in lines], "diff")
    page = rendered("\n".join(folded("x", block)))
    assert page.tags == ["details", "summary", "pre", "code"]
    assert not page.comments


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_fence_stays_in_it(text: str) -> None:
    page = rendered("\n".join([*fence([text, f"+ {text}"]), "", "after"]))
    assert page.tags == ["pre", "code", "p"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_steers_a_terminal(text: str) -> None:
    assert all(sign.isprintable() for sign in plain(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workflow_command_is_one_line_and_its_own(text: str) -> None:
    finding = Finding("bad-name", "error", text, Origin(f"mesh/{text}", 3, 1))
    (line,) = workflow_commands([finding])
    assert "\n" not in line
    assert "\r" not in line
    properties, _, _ = line.removeprefix("::error ").partition("::")
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "col", "title"]


def test_five_megabytes_of_names_fit_and_say_what_is_missing() -> None:
    text = "".join(HOSTILE)
    findings = [
        Finding("bad-name", "error", text * 20, Origin(f"mesh/{number}/{text[:40]}", number + 1, 1))
        for number in range(400)
    ]
    assert sum(len(finding.message) for finding in findings) > 5_000_000
    body = refusal(findings, Where(files="https://github.com/acme/mesh/blob/abc"))
    assert size([body]) <= LIMIT
    assert "400 errors" in body
    assert re.search(r"and \d+ more", body)
    page = rendered(body)
    assert set(page.tags) <= {"h3", "p", "strong", "ul", "li", "a", "code"}
    assert len(page.comments) == 1


def test_a_folder_cannot_end_the_marker() -> None:
    assert Where("x--><b>").marker.count("-->") == 1
    assert Where("mesh/").marker == Where("mesh").marker
