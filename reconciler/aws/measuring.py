"""Measuring: how new and how good the data of a mesh are now, and nothing else of AWS."""

from __future__ import annotations

from reconciler.aws.observe import readings
from reconciler.aws.reader import AwsReader, ForgetfulReader
from reconciler.aws.sessions import Sessions
from reconciler.measures.kind import NAME, MeasureKind
from reconciler.measures.promises import Measures, by_table
from reconciler.model.progress import Progress, silent
from reconciler.model.resource import Gap
from reconciler.spec.mesh import Mesh


def measured(mesh: Mesh, sessions: Sessions, progress: Progress = silent) -> tuple[Measures, tuple[Gap, ...]]:
    """What was measured, by database and table, and where nothing could be."""
    seen = [*readings(mesh, {NAME: MeasureKind(ForgetfulReader(sessions))}, AwsReader(sessions), progress)]
    return by_table(each.spec for reading in seen for each in reading.found), tuple(
        gap for reading in seen for gap in reading.gaps
    )
