"""Verifying an answer about access: what AWS itself computes for those who were found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reconciler.cli.asked import Asked

if TYPE_CHECKING:
    from reconciler.access import TableAccess
    from reconciler.aws.sessions import Sessions


def verified(asked: Asked, sessions: Sessions, found: Iterable[TableAccess]) -> Iterable[Any]:
    """Findings where AWS computes something else for these pairs, or does not say. Groups cannot be asked about."""
    from reconciler.access.queries.verify import lists_in_part, unverified, verify
    from reconciler.access.state.principal_directory import account_of, is_iam
    from reconciler.aws.reader import AwsReader
    from reconciler.kinds.lakeformation import lf_codec
    from reconciler.model.address import Placement
    from reconciler.model.reader import Unseen

    reader, silent = AwsReader(sessions), set[str]()
    for each in found:
        if not is_iam(each.principal):
            continue
        place = each.table_view.id
        home = account_of(each.principal) or place.catalog
        request = {
            "CatalogId": home,
            "Principal": {"DataLakePrincipalIdentifier": each.principal},
            "Resource": {"Table": {"CatalogId": place.catalog, "DatabaseName": place.database, "Name": place.table}},
        }
        placement = Placement(home, asked.mesh.region)
        rows = reader.pages(
            placement, "lakeformation", "ListPermissions", request, items="PrincipalResourcePermissions"
        )
        try:
            listed = [grant for row in rows for grant in lf_codec.decode(row, home)]
        except Unseen as error:
            if home not in silent:
                yield unverified(home, str(error))
            silent.add(home)
            continue
        admins = asked.access.state.admins
        is_admin = each.principal in {*admins.get(home, ()), *admins.get(place.catalog, ())}
        in_part = lists_in_part(asked.access, each.principal, place)
        yield from verify(each, listed, is_admin=is_admin, in_part=in_part)
