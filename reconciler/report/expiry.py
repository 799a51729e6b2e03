"""Subscriptions that have ended or end soon, in words: for the terminal, a pull request and an issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.expiry import Expiry
from reconciler.report.markdown import bullets, inline
from reconciler.report.plain import plain, shortened
from reconciler.spec.documents.subscription import Subscription

_LINES, _LONGEST = 100, 300


def expiry_text(found: Expiry, days: int) -> Iterator[str]:
    """The lines for a terminal."""
    if not found.ended and not found.soon:
        yield f"No subscription has ended, and none ends within {days} days."
    if found.ended:
        yield "Ended, and still giving access:"
        yield from (f"  - {_line(each)}" for each in found.ended)
    if found.soon:
        yield f"Ending within {days} days:"
        yield from (f"  ! {_line(each)}" for each in found.soon)


def removal_markdown(ended: Iterable[Subscription]) -> str:
    """The body of the pull request that removes ended subscriptions."""
    return "\n".join(
        [
            "The last day of these subscriptions has passed, and they still give access. Merging this ends it.",
            "To go on reading, have the subscription extended: change `expires` on a pull request of your own.",
            "",
            *_list(ended),
        ]
    )


def warning_markdown(marker: str, soon: Iterable[Subscription]) -> str:
    """The body of the issue that warns of what ends soon."""
    return "\n".join(
        [
            marker,
            "These subscriptions end soon; then a pull request removes them. To go on reading, have them extended:",
            "change `expires` on a pull request.",
            "",
            *_list(soon),
        ]
    )


def _list(subscriptions: Iterable[Subscription]) -> list[str]:
    every = list(subscriptions)
    more = [f"- and {len(every) - _LINES} more"] if len(every) > _LINES else []
    return [*bullets(inline(_line(each)) for each in every[:_LINES]), *more]


def _line(subscription: Subscription) -> str:
    what = plain(subscription.product or "a tag expression")
    purpose = shortened(plain(subscription.purpose), _LONGEST)
    return f"{subscription.expires}: {subscription.name}, {subscription.consumer} reads {what}. Purpose: {purpose}"
