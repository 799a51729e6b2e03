"""What is past its last day or ends soon, in words: for the terminal, a pull request and an issue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from reconciler.expiry import Expiry, last_day
from reconciler.report.markdown import bullets, inline
from reconciler.report.plain import plain, shortened
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension

_LINES, _LONGEST = 100, 300


def expiry_text(found: Expiry, days: int, to_end: Collection[tuple[Subscription, date]]) -> Iterator[str]:
    """The lines for a terminal."""
    if not found.ended and not found.soon and not to_end:
        yield f"Nothing has ended, and nothing ends within {days} days."
    if found.ended:
        yield "Past their last day, and giving nothing any more:"
        yield from (f"  - {_line(each)}" for each in found.ended)
    if found.soon:
        yield f"Ending within {days} days:"
        yield from (f"  ! {_line(each)}" for each in found.soon)
    if to_end:
        yield "Beyond the term of what they read:"
        yield from (f"  ~ {_ending(each, last)}" for each, last in to_end)


def removal_title(ended: Collection[Document]) -> str:
    """The title of the pull request that removes what has ended."""
    word, count = _word(ended), len(ended)
    return f"Remove {count} {word}{'s' if count != 1 else ''} past {'their' if count != 1 else 'its'} last day"


def removal_markdown(ended: Collection[Document]) -> str:
    """The body of the pull request that removes what has ended."""
    return "\n".join(
        [
            "The last day of these has passed: they give nothing any more, and cover nothing. Merging this tidies up.",
            "To go on, have it extended: change its last day on a pull request of your own.",
            "",
            *_list(_line(each) for each in ended),
        ]
    )


def warning_title(soon: Collection[Document]) -> str:
    """The title of the issue that warns of what ends soon."""
    return f"{_word(soon).capitalize()}s end soon"


def warning_markdown(marker: str, soon: Collection[Document]) -> str:
    """The body of the issue that warns of what ends soon."""
    return "\n".join(
        [
            marker,
            "These end soon; after its last day a subscription gives nothing, and an exception covers nothing.",
            "To go on, have them extended: change the last day on a pull request.",
            "",
            *_list(_line(each) for each in soon),
        ]
    )


def ending_markdown(to_end: Collection[tuple[Subscription, date]]) -> str:
    """The body of the pull request that gives subscriptions an end."""
    return "\n".join(
        [
            "The terms of what these subscriptions read ask for an earlier end. Merging this gives it.",
            "Nobody loses access before that day. An earlier one is right, too.",
            "",
            *_list(_ending(each, last) for each, last in to_end),
        ]
    )


def _list(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    more = [f"- and {len(every) - _LINES} more"] if len(every) > _LINES else []
    return [*bullets(inline(line) for line in every[:_LINES]), *more]


def _word(found: Collection[Document]) -> str:
    kinds = {each.kind.lower() for each in found}
    return kinds.pop() if len(kinds) == 1 else "document"


def _ending(subscription: Subscription, last: date) -> str:
    return f"{last}: {subscription.name} would end, which {_ends(subscription)} now. {_what(subscription)}"


def _ends(subscription: Subscription) -> str:
    return f"ends on {subscription.expires}" if subscription.expires else "has no end"


def _line(document: Document) -> str:
    day = last_day(document)
    match document:
        case Subscription():
            return f"{day}: {document.name}, {_what(document)}"
        case PolicyException():
            what = f"an exception from the policy {document.policy}. Reason"
        case Suspension():
            what = "a suspension. Reason"
        case _:
            return f"{day}: {document.name}"
    return f"{day}: {document.name}, {what}: {shortened(plain(document.reason), _LONGEST)}"


def _what(subscription: Subscription) -> str:
    what = plain(subscription.product or "a tag expression")
    return f"{subscription.consumer} reads {what}. Purpose: {shortened(plain(subscription.purpose), _LONGEST)}"
