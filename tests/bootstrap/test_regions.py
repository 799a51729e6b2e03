"""Bootstrap's roles are enough where consumers query in other regions, and reach no region that no account names."""

from __future__ import annotations

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.bootstrap.scopes import scope
from reconciler.bootstrap.template import template
from reconciler.kinds import registry
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE, deploy
from tests.estate import REGION, actions, every_rule, failures
from tests.story.test_two_regions import AWAY, FILES, ROLE, mesh

SETTINGS = FILES["mesh.yaml"].replace(f"plan: {ROLE}", "plan: meshform-plan").replace(ROLE, "meshform-apply")


def bootstrapped(*regions: str) -> Mesh:
    return mesh(*regions, mesh=SETTINGS)


def test_the_story_in_two_regions_by_bootstraps_roles() -> None:
    both = bootstrapped(REGION, AWAY)
    with sandbox() as aws:
        for account in both.accounts.values():
            deploy(aws, account.id, template(both, account, PEOPLE, registry()))
        writes = Sessions("meshform-apply", REGION)
        review = pipeline.review(both, observation=pipeline.look(both, writes))
        run = pipeline.apply_reviewed(review, writes, accepted=every_rule())
        assert not run.failed, failures(run)
        again = pipeline.review(both, observation=pipeline.look(both, Sessions("meshform-plan", REGION))).plan
        assert again is not None
        assert again.gaps == ()
        assert actions(again) == set()


def test_roles_reach_the_regions_that_the_account_names_and_no_others() -> None:
    for regions in ((), (AWAY,), (REGION, AWAY)):
        made = bootstrapped(*regions)
        for action in ("athena:CreateWorkGroup", "glue:CreateDatabase", "glue:CreateCrawler"):
            for name, account in made.accounts.items():
                named = {arn.split(":")[3] for arn in scope(made, account, action).resources if arn != "*"}
                away = name == "bi" and AWAY in regions and action != "glue:CreateCrawler"
                assert named <= {REGION, *({AWAY} if away else ())}
                assert (AWAY in named) == away
