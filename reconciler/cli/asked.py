"""What a question about access is asked of, and its answer, before it is written in any form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.access import Access, AccessFact, TableAccess
    from reconciler.aws.sessions import Sessions
    from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Asked:
    """A state that is asked about; sessions only where AWS is to be asked as well."""

    mesh: Mesh
    access: Access
    form: str
    verifier: Sessions | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is JSON v1, `lines` are for people. `is_told`: the lines have told the terms already."""

    found: Iterable[TableAccess]
    document: dict[str, Any]
    lines: Iterable[str]
    facts: Sequence[AccessFact]
    is_told: bool = False
