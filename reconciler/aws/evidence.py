"""Keep the evidence of a run where the mesh says: a folder, or a bucket of the central account."""

from __future__ import annotations

from reconciler import journal
from reconciler.aws.sessions import Sessions
from reconciler.kinds.land import central
from reconciler.model.outcome import Run
from reconciler.spec.mesh import Mesh


def keep(mesh: Mesh, sessions: Sessions, run: Run, accepted: tuple[str, ...]) -> str:
    """Write the journal's entry of a run; where it is. Raises OSError or botocore's ClientError."""
    data = journal.entry(mesh.name, sessions.whoami(), run.started, run.plan, run.findings, run.outcomes, accepted)
    file, where = journal.name(run.started), mesh.settings.journal
    if where.bucket is None:
        return str(journal.write(where.path, file, data))
    key = f"{where.prefix}{file}"
    body = journal.text(data).encode()
    client = sessions.client(central(mesh), "s3")
    client.put_object(Bucket=where.bucket, Key=key, Body=body, ContentType="application/json")
    return f"s3://{where.bucket}/{key}"
