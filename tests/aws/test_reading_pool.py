"""Whoever is interrupted waits for no host that hangs: neither for its answer, nor at the end of the process."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from reconciler.aws.reading_pool import reading_pool
from tests.estate import ROOT

HANGS = """
import sys, threading
from reconciler import cli
from reconciler.aws.reading_pool import reading_pool

def stopped():
    with reading_pool(2) as pool:
        pool.submit(threading.Event().wait)
        print("said")
        sys.exit({code})

cli.main = stopped
from meshform.__main__ import main
main()
"""


def test_what_did_not_begin_is_not_asked() -> None:
    hangs, asked = threading.Event(), list[int]()
    with reading_pool(1) as pool:
        pool.submit(hangs.wait)
        late = pool.submit(asked.append, 1)
    hangs.set()
    assert late.cancelled()
    assert not asked


@pytest.mark.parametrize("code", [130, 143])
def test_a_process_that_was_stopped_ends_though_a_thread_of_it_never_does(code: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", HANGS.format(code=code)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == code, ran.stderr
    assert ran.stdout == "said\n"
