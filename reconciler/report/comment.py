"""The comment of a pull request: the outline in Markdown, within the length that GitHub takes.

GitHub refuses a comment of more than 65,536 characters ("Body is too long"). A comment is cut at 60,000, so that the
outcome of apply still fits; what was left out is said, and where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.report.details import block, requests
from reconciler.report.lines import Line
from reconciler.report.markdown import fence, folded, inline
from reconciler.report.mermaid import picture
from reconciler.report.outline import finding_lines, outline
from reconciler.report.plain import shortened
from reconciler.report.section import Section
from reconciler.report.table import table_markdown

LIMIT = 60_000
SUMMARY_LIMIT = 1_000_000
"""GitHub takes a job summary of 1 MiB per step."""
_LINES, _SIGNS, _LONGEST = 50, 8_000, 1_000
"""What one section that everybody reads may take: lines, characters, and characters of a line."""
_HEADINGS = 2
_MARKS = {"+": "**+** ", "~": "**~** ", "-": "**−** ", "!": "⚠️ "}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a comment is read. `folder`: the mesh, of which a repository may have several.

    `commit`: what the plan was made for. `rest`: where to find what is left out. `files`: address of the repository's
    files at that commit, for links to lines: https://.../blob/<commit>
    """

    folder: str = "mesh"
    commit: str | None = None
    rest: str = "`meshform plan -v` shows it"
    files: str | None = None

    @property
    def marker(self) -> str:
        """The hidden first line by which the comment of a mesh is found again."""
        return f"<!-- meshform comment: {quote(self.folder.strip('/')).replace('--', '%2D%2D')} -->"


NOWHERE = Where()


def comment(reviewed: Review, where: Where = NOWHERE, limit: int = LIMIT) -> str:
    """The body of the comment, at most `limit` characters. Its first line is the marker."""
    head = [where.marker, f"### Mesh {inline(reviewed.mesh.name)}", ""]
    foot = _foot(reviewed, where)
    sections = [section for section in outline(reviewed) if section.name != "digest"]
    left = limit - size([*head, *foot]) - 200
    parts: dict[int, list[str]] = {}
    for number, section in _readers_first(sections):
        part = _folded(section, left, where) if section.folded else _open(section, left, where)
        part = [*_picture(reviewed), *part] if section.name == "asked" else part
        if size(part) <= left:
            parts[number] = part
            left -= size(part)
    last = max((number for number in parts if sections[number].name in ("plan", "plan-in")), default=None)
    if last is not None:
        parts[last] += _requests(reviewed, left, where)
    missing = len(sections) - len(parts)
    rest = [f"{missing} more parts are left out here; {where.rest}.", ""] if missing else []
    return "\n".join([*head, *(line for number in sorted(parts) for line in parts[number]), *rest, *foot])


def refusal(findings: Sequence[Finding], where: Where = NOWHERE, limit: int = LIMIT) -> str:
    """The comment where the documents have errors, so that there is nothing else to say."""
    errors = sum(finding.severity == "error" for finding in findings)
    what = f"The mesh has {errors} error{'' if errors == 1 else 's'}. AWS was not asked."
    head = [where.marker, f"### Mesh in {inline(where.folder)}", "", what, ""]
    section = Section("findings", "Findings:", finding_lines(findings))
    return "\n".join([*head, *_list(section, limit - size(head), where)])


def size(lines: Iterable[str]) -> int:
    """Characters of lines as GitHub may count them: in UTF-16, each line with its end."""
    return sum(len(line.encode("utf-16-le")) // 2 + 1 for line in lines)


def _readers_first(sections: Sequence[Section]) -> list[tuple[int, Section]]:
    """Sections with their position: what everybody reads gets its room before what is folded."""
    return sorted(enumerate(sections), key=lambda each: (each[1].folded, each[0]))


def _open(section: Section, left: int, where: Where) -> list[str]:
    """A section that everybody reads: its title, its table, and its lines as a list."""
    if not section.lines and section.table is None:
        return [inline(section.title), ""]
    return _list(section, left, where)


def _list(section: Section, left: int, where: Where) -> list[str]:
    bulleted = [f"{_nesting(line)}- {_bullet(line, where)}" for line in section.lines[:_LINES]]
    texts, dropped = _fitting(bulleted, min(_SIGNS, left - 500))
    dropped += max(0, len(section.lines) - _LINES)
    more = [f"- and {dropped} more; {where.rest}."] if dropped else []
    table: list[str] = []
    if section.table is not None:
        rows, left_out = _fitting(table_markdown(section.table), left - 1_000 - size(texts))
        # Headings alone are no table, and a heading without its rule is none either.
        table = [*rows, *([""] if texts else [])] if len(rows) > _HEADINGS else []
        if left_out:
            more = [*more, f"- and {left_out} more rows; {where.rest}."]
    return [f"**{inline(section.title)}**", "", *table, *texts, *more, ""]


def _nesting(line: Line) -> str:
    """What an indented line says belongs to the one above it."""
    return "  " if line.text.startswith("  ") else ""


def _bullet(line: Line, where: Where) -> str:
    text = f"{_MARKS.get(line.mark, '')}{inline(shortened(line.text, _LONGEST))}"
    if line.origin is None or where.files is None:
        return text
    return f"{text} ([line {line.origin.line}]({where.files}/{quote(line.origin.file)}#L{line.origin.line}))"


def _folded(section: Section, left: int, where: Where) -> list[str]:
    """A section for those who look: its lines in a block, as far as they fit."""
    return _block(section.title, list(block(section)), left, where)


def _requests(reviewed: Review, left: int, where: Where) -> list[str]:
    """What exactly apply would send, as far as there is room after everything else."""
    every = list(requests(reviewed))
    return _block("Fields and requests", every, left, where) if every else []


def _block(title: str, lines: Sequence[str], left: int, where: Where) -> list[str]:
    kept, dropped = _fitting(lines, left - 300 - len(title) - len(where.rest))
    more = [f"{dropped} more lines are left out here; {where.rest}."] if dropped else []
    return [*folded(title, [*(fence(kept, "diff") if kept else ()), *more]), ""]


def _picture(reviewed: Review) -> list[str]:
    lines = picture(reviewed.before, reviewed.mesh) if reviewed.before is not None else []
    return [*fence(lines, "mermaid"), ""] if lines else []


def _foot(reviewed: Review, where: Where) -> list[str]:
    made = f", made for commit {inline(where.commit)}" if where.commit else ""
    if reviewed.plan is None:
        return [f"<sub>AWS was not asked{made}: this is what the documents say.</sub>"]
    return [f"<sub>Digest of the plan: {reviewed.plan.digest}{made}. Apply carries out no other steps.</sub>"]


def _fitting(texts: Sequence[str], room: int) -> tuple[list[str], int]:
    """The first texts that fit into `room` characters, and how many do not."""
    kept: list[str] = []
    for text in texts:
        room -= size([text]) + 2
        if room < 0:
            break
        kept.append(text)
    return kept, len(texts) - len(kept)
