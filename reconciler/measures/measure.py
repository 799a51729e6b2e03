"""Measure: what AWS shows of the data of one table: how new they are, and what the latest quality run said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

By = Literal["", "object", "partition", "commit"]


@dataclass(frozen=True, slots=True)
class QualityResult:
    """The latest result of a ruleset. `at` is when the run began, in seconds since 1970 (UTC); `failed` are the rules
    that do not hold, `errors` those that could not be judged."""

    at: int
    score: float
    rules: int
    failed: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A table of the central catalog, as it was found.

    `newest` is the time of the newest data that were seen (seconds since 1970), and `by` what told it: an object, the
    making of a partition, or the commit of an Iceberg table. `whole`: nothing newer can be there, since everything was
    looked at. `unseen` says what could not be.
    """

    database: str
    table: str
    newest: int | None = None
    by: By = ""
    whole: bool = False
    quality: QualityResult | None = None
    unseen: tuple[str, ...] = ()
