"""Whose keys stand between the roles and the catalog, and between Lake Formation and the files?

https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
https://docs.aws.amazon.com/lake-formation/latest/dg/register-encrypted.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds.common.policy_document import listed, statements
from reconciler.kinds.roles.location_role import register_role_arn
from reconciler.spec import placements
from reconciler.spec.data_places import DataPlace, data_places

CATALOG, DOMAINS = "catalog-is-readable", "domain-keys-admit-lake-formation"
ASSUMPTIONS = (
    Assumption(CATALOG, "No key that the roles may not use encrypts the metadata of a catalog.", blocker=True),
    Assumption(DOMAINS, "The key of a domain's files admits the role that Lake Formation reads them with."),
)


def answers(patient: Patient) -> Iterable[Answer]:
    """By the encryption settings of every catalog, and the policy of every domain's key."""
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        reply = patient.plan.ask(place, "glue", "GetDataCatalogEncryptionSettings")
        if reply.answer is None:
            yield Answer(CATALOG, "unknown", str(reply), account.name)
            continue
        at_rest = reply.answer["DataCatalogEncryptionSettings"].get("EncryptionAtRest", {})
        mode = at_rest.get("CatalogEncryptionMode", "DISABLED")
        if mode == "SSE-KMS":
            hint = "Choose the mode with a service role, or let the roles and all readers use the key."
            told = f"{mode} under {at_rest.get('SseAwsKmsKeyId', 'the key of Glue')}"
            yield Answer(CATALOG, "refuted", told, account.name, hint)
        else:
            yield Answer(CATALOG, "confirmed", mode, account.name)
    mesh = patient.mesh
    keyed = [place for each in mesh.domains.values() for place in data_places(mesh, each) if place.kms_key]
    yield from (_place(patient, place) for place in keyed)
    if not keyed:
        yield Answer(DOMAINS, "unknown", "no domain names a key")


def _place(patient: Patient, place: DataPlace) -> Answer:
    name, key = f"domain {place.label}", place.kms_key
    reply = patient.plan.ask(place.placement, "kms", "GetKeyPolicy", KeyId=key, PolicyName="default")
    if reply.answer is None:
        return Answer(DOMAINS, "unknown", f"{key} cannot be read: {reply}", name)
    reader = register_role_arn(patient.mesh, place.domain)
    whole = f"{reader.partition(':role/')[0]}:root"
    if any(_lets(each, {reader, whole}) for each in statements(json.loads(reply.answer["Policy"]))):
        return Answer(DOMAINS, "confirmed", f"{key} admits {reader}", name)
    hint = f"Let {whole} use kms:Decrypt in the key's policy: queries of this domain fail until then."
    return Answer(DOMAINS, "refuted", f"no statement of {key} lets {reader} in", name, hint)


def _lets(statement: Mapping[str, Any], principals: set[str]) -> bool:
    named = statement.get("Principal", {})
    who = set(listed(named.get("AWS", ())) if isinstance(named, Mapping) else listed(named))
    does = {str(each).lower() for each in listed(statement.get("Action", ()))}
    accounts = {each.split(":")[4] for each in principals}
    return (
        statement.get("Effect") == "Allow"
        and bool(who & (principals | accounts | {"*"}))
        and bool(does & {"*", "kms:*", "kms:decrypt"})
    )
