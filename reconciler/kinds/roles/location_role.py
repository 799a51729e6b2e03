"""The role with which Lake Formation reads and writes the files of one domain."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.common.policy_document import VERSION, literal, only
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec import placements
from reconciler.spec.data_places import DataPlace, data_places
from reconciler.spec.documents.domain import Domain
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import own_role, partition, work_role

USE_OF_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")
"""What reading and writing encrypted files takes of their key."""


def register_role_name(mesh: Mesh, domain: Domain) -> str:
    """Name of the role with which a domain's location is registered."""
    return work_role(mesh.name, "register", domain.name)


def register_role_names() -> str:
    """A pattern of all such names."""
    return "register-*"


def register_role_arn(mesh: Mesh, domain: Domain) -> str:
    """ARN of the role with which a domain's location is registered; it lives in the central account."""
    name = own_role(mesh, register_role_name(mesh, domain))
    return f"arn:{partition(mesh.region)}:iam::{mesh.central.id}:role/{name}"


def register_role(mesh: Mesh, domain: Domain) -> WantedRole:
    """The role with which Lake Formation reads and writes the files of one domain, and nothing else.

    https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html
    """
    places = data_places(mesh, domain)
    statements = [_listing(place) for place in places]
    objects = (f"{_bucket(place)}/{literal(place.prefix)}*" for place in places)
    statements.append(
        {
            "Sid": "ReadAndWriteTheDomain",
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": only(dict.fromkeys(objects)),
        }
    )
    keys = dict.fromkeys(literal(place.kms_key) for place in places if place.kms_key)
    if keys:
        statements.append(
            {
                "Sid": "UseTheKey",
                "Effect": "Allow",
                "Action": list(USE_OF_KEY),
                "Resource": only(keys),
            }
        )
    return WantedRole(
        placements.of_location(mesh, domain),
        register_role_name(mesh, domain),
        trust(services=["lakeformation.amazonaws.com"], source_identity=mesh.settings.audit.source_identity),
        {"Version": VERSION, "Statement": statements},
        domain.origin,
    )


def _bucket(place: DataPlace) -> str:
    return f"arn:{partition(place.placement.region)}:s3:::{literal(place.bucket)}"


def _listing(place: DataPlace) -> dict[str, Any]:
    """The bucket of a place is listed under the place's prefix only."""
    name = "ListTheDomain" + "".join(word.title() for word in place.name.split("-"))
    listing: dict[str, Any] = {"Sid": name, "Effect": "Allow", "Action": "s3:ListBucket", "Resource": _bucket(place)}
    if place.prefix:
        prefix = literal(place.prefix)
        listing["Condition"] = {"StringLike": {"s3:prefix": [prefix, f"{prefix}*"]}}
    return listing
