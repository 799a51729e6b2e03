"""The door: `meshform`, `python -m meshform`."""

from __future__ import annotations

import os
import signal
import sys
from os.path import dirname

_STOPPED = frozenset({128 + signal.SIGINT, 128 + signal.SIGTERM})


def main() -> None:
    """Run the command line."""
    # In the wheel the package `reconciler` lies in this folder: it comes before anybody else's of that name.
    sys.path.insert(0, dirname(__file__))
    from reconciler.cli import main as run

    try:
        run()
    except SystemExit as end:
        if end.code in _STOPPED:
            # All is said and done. Python would wait for threads that read from a host which may never answer.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(end.code or 0))
        raise


if __name__ == "__main__":
    main()
