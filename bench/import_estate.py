"""Processor time of an import, beside the reading. `python -m bench.import_estate TABLES GRANTS ACCOUNTS`."""

from __future__ import annotations

import resource
import sys
import time

from bench.large_estate import large_estate
from reconciler.garbage import no_garbage_collection
from reconciler.importing.importing import import_estate
from reconciler.importing.looking import Kept


def main() -> None:
    tables, grants, accounts = map(int, sys.argv[1:4])
    basis, observation = large_estate(tables, grants, accounts)
    begun = time.process_time()
    with no_garbage_collection():
        done = import_estate(Kept(observation), basis, named=True)
    spent = time.process_time() - begun
    assert done.reckoning is not None, [str(finding) for finding in done.findings][:3]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = done.reckoning.counts["grant"]
    print(f"{tables} tables, {len(observation.found)} read, {counts}, {len(done.reckoning.steps)} steps")
    print(f"{len(done.pages)} documents, {spent:.1f} s of processor, {memory} MB at most")


if __name__ == "__main__":
    main()
