"""The corpus: for each target a folder of small inputs, each with an answer that no other one has."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from tests.fuzz.engine import Campaign
from tests.fuzz.target import Target

CORPUS = Path(__file__).parent / "corpus"
MOST = 24
"""Files of a target: what a campaign finds anew within seconds is not kept."""
_SMALL = 3_000


def corpus_of(name: str) -> list[bytes]:
    """The inputs that are kept for a target."""
    folder = CORPUS / name
    return [each.read_bytes() for each in sorted(folder.iterdir())] if folder.is_dir() else []


def kept(campaign: Campaign) -> int:
    """Put what was found into the folder of the target, each made small first; how many."""
    folder = CORPUS / campaign.target.name
    room, count = MOST - len(corpus_of(campaign.target.name)), 0
    for data in campaign.new:
        small = smaller(campaign.target, data)
        if room > count and len(small) <= _SMALL:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / blake2b(small, digest_size=6).hexdigest()).write_bytes(small)
            count += 1
    return count


def smaller(target: Target, data: bytes, attempts: int = 200) -> bytes:
    """An input with the same answer and as few lines as can be found."""
    wanted, lines = _answer(target, data), data.split(b"\n")
    step = len(lines) // 2
    while step and attempts:
        at = 0
        while at < len(lines) and attempts:
            attempts -= 1
            fewer = lines[:at] + lines[at + step :]
            if _answer(target, b"\n".join(fewer)) == wanted:
                lines = fewer
            else:
                at += step
        step //= 2
    return b"\n".join(lines)


def _answer(target: Target, data: bytes) -> str | None:
    return Campaign(target, []).look_at(data)
