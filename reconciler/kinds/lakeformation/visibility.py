"""Whether the role that reads sees all that Lake Formation governs in an account."""

from __future__ import annotations

from reconciler.model.address import Placement
from reconciler.model.reader import Reader, Unseen
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import admin_arns, iam_arn


def require_visibility(aws: Reader, placement: Placement, mesh: Mesh) -> None:
    """Raises Unseen where an empty list would say nothing: the mesh has administrators there, and the reader is none.

    In an account without one of them the mesh has made nothing yet, so there is nothing of it to be hidden; but for
    accounts whose settings were there before.
    https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
    """
    account = mesh.account_by_id(placement.account)
    answer = aws.read(placement, "lakeformation", "GetDataLakeSettings")
    assert account is not None
    assert answer is not None
    found = {
        sort: {row["DataLakePrincipalIdentifier"] for row in answer["DataLakeSettings"].get(sort, ())}
        for sort in ("DataLakeAdmins", "ReadOnlyAdmins")
    }
    reader = iam_arn(mesh, account, aws.role)
    ours = {iam_arn(mesh, account, mesh.settings.roles.apply), *admin_arns(mesh, account)}
    is_used = not is_managed(account) or bool(found["DataLakeAdmins"] & ours)
    if is_used and reader not in found["DataLakeAdmins"] | found["ReadOnlyAdmins"]:
        raise Unseen(
            f"{reader} is no administrator of Lake Formation here, which may hide from it what is there. Make it a "
            "read-only administrator; `meshform apply` does that where Meshform keeps the settings"
        )
