"""Output: a site in a folder. What was there and is no page of a site stays; what an older build left goes.

The site is written beside its pages first and then put in their place, each page as a whole and the first one last: a
build that is killed leaves the site as it was, or, within a moment, pages of both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from reconciler.errors import MeshformError

MARK = ".meshform-site"
"""Lists the files of the last build, a line each."""
_NEW, _FIRST = ".meshform-new", "index.html"


def write(files: Iterable[tuple[str, str]], out: Path) -> int:
    """Write the files of a site, and say how many. Raises MeshformError for a folder with other things in it."""
    mark = out / MARK
    if out.exists() and not mark.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise MeshformError(
            f"{out} is not empty and no site was built there. Nothing was written.",
            hints=("choose another folder with --out",),
        )
    out.mkdir(parents=True, exist_ok=True)
    mark.touch()
    old, place = mark.read_text(encoding="utf-8").splitlines(), out / _NEW
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        new = _written(files, place)
        _list(mark, place, dict.fromkeys((*old, *new)))
        _moved(sorted(new, key=_FIRST.__eq__), place, out)
        for name in {*old}.difference(new):
            # The mark could have been edited: nothing outside of the folder is ever removed.
            if ".." not in Path(name).parts and not Path(name).is_absolute():
                (out / name).unlink(missing_ok=True)
        _list(mark, place, new)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return len(new)


def _list(mark: Path, place: Path, names: Iterable[str]) -> None:
    (place / MARK).write_bytes("".join(f"{name}\n" for name in names).encode())
    os.replace(place / MARK, mark)


def _written(files: Iterable[tuple[str, str]], out: Path) -> list[str]:
    """The names of the files, which are in a folder now."""
    names, folders = list[str](), set[str]()
    for name, text in files:
        _make_folder(out, name, folders)
        with open(f"{out}/{name}", "wb") as file:
            file.write(text.encode())
        names.append(name)
    return names


def _moved(names: Iterable[str], place: Path, out: Path) -> None:
    folders = set[str]()
    for name in names:
        _make_folder(out, name, folders)
        os.replace(f"{place}/{name}", f"{out}/{name}")


def _make_folder(out: Path, name: str, known: set[str]) -> None:
    """Tens of thousands of files: a Path of each, and a look at its folder, would take seconds."""
    folder = name.rpartition("/")[0]
    if folder not in known:
        (out / folder).mkdir(parents=True, exist_ok=True)
        known.add(folder)
