"""Assumption: what Meshform takes to be so in AWS; Answer: what an account said to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from reconciler.aws.asking import Asking
from reconciler.spec.mesh import Mesh

Verdict = Literal["confirmed", "refuted", "unknown"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """`id` is the one of docs/assumptions.md and of the sandbox's beliefs. A blocker that is refuted stops an apply."""

    id: str
    text: str
    blocker: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, where (an account's name, or the mesh's), and what to do about it."""

    id: str
    verdict: Verdict
    evidence: str
    where: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The mesh and its accounts, asked as the role of plan and as that of apply."""

    mesh: Mesh
    plan: Asking
    apply: Asking

    def shut(self, asking: Asking) -> str:
        """Why these credentials cannot ask as a role: the central account's, by which the others are entered, lets them
        not in. Empty where it does. Of whom else it lets in that says nothing.
        """
        return asking.refusal(self.mesh.central.id)


class Probe(Protocol):
    """A module of `probes/`: one assumption, or several that one question answers."""

    ASSUMPTIONS: tuple[Assumption, ...]

    def answers(self, patient: Patient) -> Iterable[Answer]:
        """One answer or more of each assumption. Only reads."""
        ...
