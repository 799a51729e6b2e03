"""Who may read what, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from reconciler.access import AccessDifference
from reconciler.report.access_lines import gained, headline, lost
from reconciler.report.markdown import bullets, inline


def difference_markdown(difference: AccessDifference, limit: int = 20) -> Iterator[str]:
    """A headline, then at most `limit` lines of what is gained and as many of what is lost, the worst first."""
    yield f"**{inline(headline(difference))}**"
    for title, sentences in (("Gained", gained(difference)), ("Lost", lost(difference))):
        lines = _limited(sentences, limit)
        if lines:
            yield from ("", f"{title}:", "", *lines)
    if difference.gaps:
        yield from ("", "Not certain, because not everything was seen:", "")
        yield from bullets(inline(f"{gap.kind} in {gap.placement}: {gap.reason}") for gap in difference.gaps)


def as_markdown(lines: Iterable[str]) -> Iterator[str]:
    """Lines made for a terminal as a list: an indented line is one level deeper."""
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 2
        number, dot, rest = line.strip().partition(". ")
        if dot and number.isdigit():
            yield f"{'   ' * depth}{number}. {inline(rest)}"
        else:
            yield f"{'  ' * depth}- {inline(line.strip())}"


def _limited(sentences: Iterable[str], limit: int) -> list[str]:
    every = iter(sentences)
    lines = bullets(inline(sentence) for sentence in islice(every, limit))
    rest = sum(1 for _ in every)
    return [*lines, *bullets([f"and {rest} more"] if rest else [])]
