"""Keep the evidence of a run where the mesh says: a folder, or a bucket of the central account."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler import journal
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


def keep(mesh: Mesh, sessions: Sessions, file: str, data: dict[str, Any]) -> str:
    """Write an entry of the journal under its file name; where it is. Raises MeshformError when it cannot be written.

    Written again under the same name it takes the place of the first one.
    """
    where = mesh.settings.journal
    if where.bucket is None:
        try:
            return str(journal.write(where.path, file, data))
        except OSError as error:
            raise MeshformError(f"The journal {where.path} cannot be written: {error.strerror}.") from error
    key = f"{where.prefix}{file}"
    body = journal.text(data).encode()
    try:
        client = sessions.client(placements.of_catalog(mesh), "s3")
        client.put_object(Bucket=where.bucket, Key=key, Body=body, ContentType="application/json")
    except (ClientError, BotoCoreError) as error:
        raise MeshformError(
            f"The journal s3://{where.bucket}/{key} cannot be written: {error}. The bucket of `journal` in mesh.yaml "
            "must be in the central account, and the role must be able to write there."
        ) from error
    return f"s3://{where.bucket}/{key}"
