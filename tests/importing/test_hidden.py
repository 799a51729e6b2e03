"""Lake Formation hides things in silence from whoever is no administrator: an import says so, and leaves them alone."""

from __future__ import annotations

from reconciler import pipeline
from reconciler.importing.existing import seen_now
from reconciler.importing.importing import import_estate
from reconciler.importing.looking import Looking
from reconciler.kinds import registry
from reconciler.model.lakeformation import Grant
from reconciler.plan.compile import compile_mesh
from tests.estate import CENTRAL, Estate
from tests.importing.laws import ROLE, basis_of, deciding
from tests.importing.reference import CONSUMER, PRODUCER, Reference


def test_a_reader_who_is_no_administrator_is_told_that_things_may_be_hidden(estate: Estate) -> None:
    Reference(estate, 4).build()
    only_admins = {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": f"arn:aws:iam::{CONSUMER}:user/ConsumerAdmin"}]}
    estate.client("lakeformation", CONSUMER).put_data_lake_settings(DataLakeSettings=only_admins)
    done = import_estate(Looking(estate.sessions), basis_of(PRODUCER, CONSUMER), named=False)
    assert done.reckoning is not None
    assert done.mesh is not None
    hidden = {gap.kind: gap.reason for gap in done.reckoning.unseen if gap.placement.account == CONSUMER}
    assert hidden.keys() >= {"grant", "resource-link"}
    assert all("is no administrator of Lake Formation here" in reason for reason in hidden.values())
    assert set(done.mesh.territory.unseen[f"account-{CONSUMER}"]) == {*hidden}
    # Once it is one, and the mesh decides, what was hidden is shown and stays.
    for account in (CENTRAL, CONSUMER):
        admin = f"arn:aws:iam::{account}:role/{ROLE}"
        settings = {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}]}
        estate.client("lakeformation", account).put_data_lake_settings(DataLakeSettings=settings)
    estate.fresh_sessions()
    seen = Looking(estate.sessions).of(done.mesh)
    plan = pipeline.plan_for(deciding(done.mesh), compile_mesh(done.mesh, registry()), seen)
    assert [step.address for step in plan.steps if step.change.action == "delete"] == []
    assert seen_now(done.mesh, seen.gaps) == [f"account-{CONSUMER}: {', '.join(sorted(hidden))}"]
    assert seen_now(done.mesh, done.reckoning.unseen) == []
    shown = {each.resource.address for each in plan.foreign}
    there = {each.address for each in seen.found.of(Grant) if each.address.placement.account == CONSUMER}
    opened = {each for each in there if each.name.endswith("IAM_ALLOWED_PRINCIPALS")}
    assert there - opened
    assert there - opened <= shown
