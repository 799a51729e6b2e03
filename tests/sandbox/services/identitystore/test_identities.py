"""The identity store: names are unique, and lead to ids."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.estate import Estate


@pytest.mark.parametrize(
    ("sort", "path", "field"), [("group", "displayName", "DisplayName"), ("user", "userName", "UserName")]
)
def test_a_name_leads_to_an_id_until_it_is_gone(estate: Estate, sort: str, path: str, field: str) -> None:
    center = estate.client("identitystore")
    (instance,) = estate.client("sso-admin").list_instances()["Instances"]
    where = {"IdentityStoreId": instance["IdentityStoreId"]}
    name: Any = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": f"Adas-{sort}"}}
    look = getattr(center, f"get_{sort}_id")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        look(**where, AlternateIdentifier=name)
    made = getattr(center, f"create_{sort}")(**where, **{field: f"Adas-{sort}"})
    assert look(**where, AlternateIdentifier=name)[f"{sort.capitalize()}Id"] == made[f"{sort.capitalize()}Id"]
    with pytest.raises(ClientError, match="ConflictException"):
        getattr(center, f"create_{sort}")(**where, **{field: f"Adas-{sort}"})
    with pytest.raises(ClientError, match="IDENTITY_STORE not found"):
        look(IdentityStoreId="d-0000000000", AlternateIdentifier=name)
