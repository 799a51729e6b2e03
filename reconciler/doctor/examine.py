"""Examine: ask every question that only reads, and tell what was answered."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from reconciler.aws.asking import Asking
from reconciler.aws.sessions import Sessions
from reconciler.doctor import probes
from reconciler.doctor.assumption import Answer, Assumption, Patient, Probe
from reconciler.doctor.probes import roles
from reconciler.forge import here
from reconciler.model.bugs import not_understood
from reconciler.model.progress import Progress, silent
from reconciler.spec.mesh import Mesh


@cache
def every_probe() -> tuple[Probe, ...]:
    """The probes, found by folder."""
    names = sorted(info.name for info in pkgutil.iter_modules(probes.__path__))
    return tuple(cast("Probe", importlib.import_module(f"{probes.__name__}.{name}")) for name in names)


def assumptions() -> Mapping[str, Assumption]:
    """Every assumption that is asked about by reading, by its id."""
    return {each.id: each for probe in every_probe() for each in probe.ASSUMPTIONS}


def patient_of(mesh: Mesh, raw: list[dict[str, Any]]) -> Patient:
    """The mesh with somebody to ask as each role; what is asked and answered is kept in `raw`."""
    named = mesh.settings.roles
    plan, apply = (
        Sessions(name, mesh.region, named.external_id, here.job(), mesh.central.id)
        for name in (named.plan, named.apply)
    )
    return Patient(mesh, Asking(plan, raw), Asking(apply, raw))


def examine(patient: Patient, progress: Progress = silent) -> Iterator[Answer]:
    """All answers. A probe that meets what it does not understand says so, and the others go on."""
    shut = patient.shut(patient.plan)
    for probe in every_probe():
        try:
            if shut and probe.ASSUMPTIONS is not roles.ASSUMPTIONS:
                words = f"not asked: that takes the role {patient.plan.role}, which these credentials may not assume"
                yield from (Answer(each.id, "unknown", words) for each in probe.ASSUMPTIONS)
            else:
                yield from probe.answers(patient)
        except Exception as error:
            words = not_understood(error)
            yield from (Answer(each.id, "unknown", words) for each in probe.ASSUMPTIONS)
        progress(probe.ASSUMPTIONS[0].id, len(every_probe()))


def blockers(answers: Iterable[Answer], known: Mapping[str, Assumption]) -> list[Answer]:
    """The refuted answers with which an apply would not get through."""
    return [each for each in answers if each.verdict == "refuted" and each.id in known and known[each.id].blocker]
