"""The door: `meshform`, `python -m meshform`."""

from __future__ import annotations

import sys
from os.path import dirname


def main() -> None:
    """Run the command line."""
    # In the wheel the package `reconciler` lies in this folder: it comes before anybody else's of that name.
    sys.path.insert(0, dirname(__file__))
    from reconciler.cli import main as run

    run()


if __name__ == "__main__":
    main()
