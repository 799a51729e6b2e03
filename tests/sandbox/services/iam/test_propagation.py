"""New roles and administrators are known elsewhere only after a while, if the sandbox is told so."""

from __future__ import annotations

from reconciler.sandbox import sandbox
from tests.sandbox.lakes import Inside, Lake, database, refused

FOREVER = 3_600_000.0


def test_a_new_role_is_no_principal_and_cannot_be_assumed_yet() -> None:
    with sandbox() as aws:
        lake = Lake(Inside(aws)).sales()
        aws.world.settings.propagation_ms = FOREVER
        role = lake.role("analyst")
        assert refused(lake.grant, role, database(), "DESCRIBE")[1] == f"Invalid principal, principal: {role}"
        crawler = {
            "Name": "c",
            "Role": role,
            "Targets": {"S3Targets": [{"Path": "s3://lake/"}]},
            "DatabaseName": "sales",
        }
        assert "Service is unable to assume provided role" in refused(lake.glue.create_crawler, **crawler)[1]
        aws.world.settings.propagation_ms = 0
        lake.grant(role, database(), "DESCRIBE")


def test_a_new_administrator_is_none_yet() -> None:
    with sandbox() as aws:
        lake = Lake(Inside(aws)).sales()
        aws.world.settings.propagation_ms = FOREVER
        assert refused(lake.lf.create_lf_tag, TagKey="k", TagValues=["v"])[0] == "AccessDeniedException"
        aws.world.settings.propagation_ms = 0
        lake.tag("k", "v")
