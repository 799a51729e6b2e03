"""The reference mesh made by hand: imported, its plan is empty, and everybody reads exactly what he reads."""

from __future__ import annotations

import pytest

from tests.estate import Estate
from tests.importing.laws import basis_of, hold_the_laws, import_of, same_access
from tests.importing.reference import CONSUMER, PRODUCER, Reference


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_the_reference_made_by_hand_is_imported(estate: Estate, version: int) -> None:
    Reference(estate, version).build()
    done, seen = import_of(estate, basis_of(PRODUCER, CONSUMER))
    hold_the_laws(done, seen)
    same_access(done, seen)


def test_one_that_was_left_open_to_iam_is_imported_as_open(estate: Estate) -> None:
    Reference(estate, 4, closed=False).build()
    done, seen = import_of(estate, basis_of(PRODUCER, CONSUMER))
    hold_the_laws(done, seen)
    same_access(done, seen)
