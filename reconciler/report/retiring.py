"""What goes, in words: for the terminal and for the pull request that removes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.report.markdown import bullets, inline
from reconciler.spec.retiring import Thing


def retiring_text(over: Sequence[Thing], soon: Sequence[Thing], days: int) -> Iterator[str]:
    """The lines for a terminal."""
    if over:
        yield "Past their last day, and still there:"
        yield from (f"  - {_line(each)}" for each in over)
    if soon:
        yield f"Going within {days} days:"
        yield from (f"  ! {_line(each)}" for each in soon)


def removal_title(thing: Thing) -> str:
    """The title of the pull request that removes a thing."""
    if thing.is_renamed and thing.retires:
        return f"Call {thing.name} {thing.retires.instead}"
    return f"Remove {thing.name}, which is past its last day"


def removal_markdown(thing: Thing, told: Sequence[str]) -> str:
    """The body of the pull request that removes a thing."""
    return "\n".join(
        [
            f"Its owner announced it: {inline(_line(thing))}.",
            "Merging this takes it out, and what names it in other documents. Files in S3 are not touched.",
            "To keep it, take out `retires` or give it a later day, and close this.",
            "",
            *bullets(inline(line) for line in told),
        ]
    )


def _line(thing: Thing) -> str:
    reason = f" ({thing.retires.reason})" if thing.retires and thing.retires.reason else ""
    return f"{thing.kind} {thing.name} {thing.said()}{reason}"
