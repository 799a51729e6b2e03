"""Forked: a trial in a copy of this process, simulated AWS and all, which is thrown away afterwards."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from reconciler.aws import clients

# A thread that makes a client while another one is copied does not live in the copy, which would wait for it.
os.register_at_fork(
    before=clients.making.acquire, after_in_parent=clients.making.release, after_in_child=clients.making.release
)


def forked(trial: Callable[[], Any]) -> Any:
    """What a trial gives, as plain data. RuntimeError with its traceback where it raised."""
    read, write = os.pipe()
    # The collector would write to each object, and so have all of our memory copied.
    gc.freeze()
    child = os.fork()
    if child == 0:
        gc.disable()
        code = 1
        try:
            os.close(read)
            try:
                told = {"gave": trial()}
            except BaseException:
                told = {"raised": traceback.format_exc()}
            with os.fdopen(write, "w") as pipe:
                json.dump(told, pipe, default=str)
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    gc.unfreeze()
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    told = json.loads(text) if text else {"raised": "it died without a word"}
    if "raised" in told:
        raise RuntimeError(told["raised"])
    return told["gave"]
