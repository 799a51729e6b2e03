"""The uses that CloudTrail's event history tells of, account by account at once, as far back as it was asked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconciler.aws.clients import THREADS
from reconciler.aws.reading_pool import reading_pool
from reconciler.aws.sessions import Sessions
from reconciler.aws.trail import Trail
from reconciler.errors import MeshformError
from reconciler.model.address import Placement
from reconciler.model.api_call import ApiCall, api_call
from reconciler.model.plain_json import MISSHAPEN, plain_json
from reconciler.model.progress import Progress, silent
from reconciler.usage import DATA_ACCESS

DAYS = 90
"""How long CloudTrail keeps its event history."""
PAGES = 600
"""For each account and region: 30,000 events, five minutes."""


@dataclass(frozen=True, slots=True)
class History:
    """Records of uses, from when on each account's are all known, and where nothing could be read, with why."""

    calls: tuple[ApiCall, ...]
    known_since: dict[str, datetime]
    refused: tuple[str, ...] = ()


def use_history(
    sessions: Sessions, places: Iterable[Placement], now: datetime, days: int = DAYS, progress: Progress = silent
) -> History:
    """The last `days` of accounts, two requests a second for each."""
    begin, every = now - timedelta(days=min(days, DAYS)), tuple(places)

    def asked(place: Placement) -> tuple[list[ApiCall], datetime | None, str]:
        trail, found = Trail(sessions, PAGES, PAGES), list[ApiCall]()
        for call in trail.calls(place, DATA_ACCESS):
            if call.at < begin:
                break
            found.append(call)
        progress(str(place), len(every))
        if place in trail.refused:
            return found, None, f"{place}: {trail.refused[place]}"
        return found, found[-1].at if trail.requests == PAGES else begin, ""

    with reading_pool(THREADS) as pool:
        answers = dict(zip(every, pool.map(asked, every), strict=True))
    since: dict[str, datetime] = {}
    blind = {place.account for place, (_, known, _) in answers.items() if known is None}
    for place, (_, known, _) in answers.items():
        if known is not None and place.account not in blind:
            since[place.account] = max(known, since.get(place.account, known))
    calls = tuple(call for found, _, _ in answers.values() for call in found)
    return History(calls, since, tuple(why for _, _, why in answers.values() if why))


def recorded(paths: Iterable[Path], accounts: Iterable[str]) -> History:
    """The same from files of a trail (`.json` or `.json.gz`, as CloudTrail puts them into S3), or folders of them.

    They are taken for all that there is since the first record. Raises MeshformError for what is no such file.
    """
    calls = tuple(call for path in paths for file in _files(path) for call in _of(file))
    first = min((call.at for call in calls), default=None)
    uses = tuple(call for call in calls if call.name == DATA_ACCESS)
    return History(uses, dict.fromkeys(accounts, first) if first is not None else {})


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(each for each in path.rglob("*.json*") if each.is_file())
    else:
        yield path


def _of(file: Path) -> Iterator[ApiCall]:
    try:
        raw = file.read_bytes()
        text = gzip.decompress(raw) if file.suffix == ".gz" else raw
        records = plain_json(text)["Records"]
        found = [api_call(record) for record in records]
    except (OSError, EOFError, zlib.error, *MISSHAPEN) as error:
        raise MeshformError(f"{file} is no file of a CloudTrail trail: {error}") from error
    yield from (call for call in found if call is not None)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
