"""Version: which Meshform this is, from which commit, and which of its extras are there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, metadata, version
from pathlib import Path

from reconciler.forge.checkout import checkout

_PACKAGE = Path(__file__).parent
_EXTRA = re.compile(r"([A-Za-z0-9._-]+).*;.*\bextra == ['\"]([a-z-]+)['\"]")


@dataclass(frozen=True, slots=True)
class Version:
    """`commit` is None where nothing tells it; `is_changed`: with something that is in no commit."""

    number: str
    commit: str | None
    is_changed: bool
    extras: tuple[str, ...]
    missing: tuple[str, ...]


def own_version() -> Version:
    """Of the Meshform that runs here."""
    commit, is_changed = _commit(_PACKAGE)
    extras = _extras()
    return Version(
        version("meshform"),
        commit,
        is_changed,
        tuple(extra for extra, is_there in extras.items() if is_there),
        tuple(extra for extra, is_there in extras.items() if not is_there),
    )


def version_lines(found: Version) -> tuple[str, ...]:
    """What `meshform --version` says."""
    changed = " with changes that are in no commit" if found.is_changed else ""
    commit = f"commit {found.commit}{changed}" if found.commit else "commit not known"
    lines = [f"meshform {found.number}, {commit}", f"Extras: {', '.join(found.extras) or 'none'}"]
    if found.missing:
        lines.append(f"Not installed: {', '.join(found.missing)}")
    return tuple(lines)


def _commit(package: Path) -> tuple[str | None, bool]:
    """What the build wrote beside the package (hatch_build.py); in a checkout what git says."""
    written = package.parent / "commit"
    if written.is_file():
        commit = written.read_text(encoding="utf-8").strip()
        return commit.rstrip("+"), commit.endswith("+")
    if not (package.parent / ".git").exists():
        return None, False
    found = checkout(str(package.parent))
    return (found.commit, bool(found.changed)) if found else (None, False)


def _extras() -> dict[str, bool]:
    """Each extra, and whether everything that it asks for is installed."""
    needs: dict[str, set[str]] = {extra: set() for extra in metadata("meshform").get_all("Provides-Extra") or ()}
    for line in distribution("meshform").requires or ():
        if found := _EXTRA.match(line):
            needs[found[2]].add(found[1])
    return {extra: all(map(_is_installed, names)) for extra, names in sorted(needs.items())}


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
