"""Output: a site in a folder. What was there and is no page of a site stays; what an older build left goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reconciler.errors import MeshformError

MARK = ".meshform-site"
"""Lists the files of the last build, a line each."""


def write(files: Iterable[tuple[str, str]], out: Path) -> int:
    """Write the files of a site, and say how many. Raises MeshformError for a folder with other things in it."""
    mark = out / MARK
    if out.exists() and not mark.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise MeshformError(
            f"{out} is not empty and no site was built there. Nothing was written.",
            hints=("choose another folder with --out",),
        )
    old = set(mark.read_text(encoding="utf-8").splitlines()) if mark.is_file() else set()
    out.mkdir(parents=True, exist_ok=True)
    new, top, folders = [], str(out), set[str]()
    for name, text in files:
        # Tens of thousands of files: a Path of each, and a look at its folder, would take seconds.
        folder = name.rpartition("/")[0]
        if folder not in folders:
            (out / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        with open(f"{top}/{name}", "wb") as file:
            file.write(text.encode())
        new.append(name)
    mark.write_text("\n".join(new) + "\n", encoding="utf-8")
    for name in old.difference(new):
        # The mark could have been edited: nothing outside of the folder is ever removed.
        if ".." not in Path(name).parts and not Path(name).is_absolute():
            (out / name).unlink(missing_ok=True)
    return len(new)
