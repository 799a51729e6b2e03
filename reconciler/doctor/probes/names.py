"""Are the names of the wanted buckets ours or free? All of AWS shares them."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds.s3.bucket import BucketKind

ID = "bucket-names-are-free"
ASSUMPTIONS = (Assumption(ID, "No bucket that the mesh makes has a name that a stranger has.", blocker=True),)


def answers(patient: Patient) -> Iterable[Answer]:
    """By HeadBucket: 404 is free, 403 a stranger's (or closed to us), an answer ours."""
    taken = 0
    wanted = list(BucketKind().desired(patient.mesh))
    for resource in wanted:
        name, place = resource.address.name, resource.address.placement
        reply = patient.plan.ask(place, "s3", "HeadBucket", Bucket=name)
        if reply.code in ("403", "AccessDenied", "301"):
            taken += 1
            told = f"{name}: {reply.code}; it is a stranger's, or the role of plan may not see it"
            yield Answer(ID, "refuted", told, str(place), "Name another one in the domain's or consumer's document.")
    if not taken:
        yield Answer(ID, "confirmed", f"{len(wanted)} names")
