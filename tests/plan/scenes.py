"""Plans for gates to look at: the case of each, the way back from it, and neighbours of what they ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial

from reconciler import pipeline
from reconciler.kinds import addresses
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.ram.acceptance_reader import Outside, Why
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.address import Address
from reconciler.model.change import Create, Delete
from reconciler.model.lakeformation import ALL_TABLES, IAM_ALLOWED_PRINCIPALS, Grant, OnColumns, OnDatabase, OnTable
from reconciler.model.last_change import LastChange
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import AnyResource, Gap, Observation, Snapshot
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, CENTRAL, NOBODY, Edit, Files, bank, mesh_of, placement, variant
from tests.grants import atom
from tests.life.play import subscription
from tests.plan.test_gates import (
    ADOPTED,
    BANKING_DOMAIN,
    CASES,
    CREDIT,
    DEALS,
    FUNDS,
    HYBRID,
    MODEL,
    POLICY,
    PROFILE,
    WIDER,
    abroad,
    altered,
    altered_table,
    at_version_four,
    changed,
    closed_to_iam,
    external_funds,
    limited,
    marked_by_another_mesh,
    opened_to_iam,
    part_of_a_lake,
    relocated,
    restricted_less,
    review,
    scaffolded,
    unmarked,
    version_five,
    wanted,
    without_grants_of_the_scientist,
)


@cache
def case(name: str) -> Review:
    return CASES[name]()


def back(name: str) -> Review:
    """From what a case makes to the example again."""
    return review(bank(), wanted(case(name).mesh), case(name).mesh)


def grant_of(target: OnTable | OnColumns | OnDatabase, who: str = NOBODY, permission: str = "SELECT") -> AnyResource:
    return atom(Grant(who, target, permission))


def planned(*changes: Create | Delete) -> Review:
    """A plan of the example that follows from no document."""
    return replace(review(bank()), plan=Plan((tuple(Step(each, ()) for each in changes),)), findings=())


def turned(made: Review) -> Review:
    """The same steps from the last to the first."""
    assert made.plan is not None
    return replace(made, plan=replace(made.plan, waves=tuple(reversed(made.plan.waves))), findings=())


def lower_and_end() -> Review:
    return review(restricted_less("internal", WIDER, without=[MODEL]))


TABLE, COLUMNS = OnTable(CENTRAL, CREDIT, "credit_card"), OnColumns(CENTRAL, CREDIT, "credit_card", ("age",))

CONSUMER = "consumers/analytics-coe/consumer.yaml"
OLD = "arn:aws:iam::111111111111:role/old"
FAR: Edit = (BANKING_DOMAIN, "account:", "places: [{name: far, bucket: elsewhere-far, prefix: x}]\naccount:")


def adopted(who: str, rights: str) -> str:
    return (
        "apiVersion: meshform/v1\nkind: Adopted\nname: clicked\ndescription: x\nreason: x\nreviewBy: 2027-06-30\n"
        "grants:\n"
        f"  - {{account: central, principal: '{who}', resource: {{database: credit-card, table: credit_card}}, "
        f"permissions: {rights}}}\n"
    )


def adopting(who: str, rights: str) -> Mesh:
    return variant(more={"adopted/clicked.yaml": adopted(who, rights)})


def passed_on() -> Mesh:
    text = adopted(OLD, "[SELECT]").replace("permissions:", "grantable: [SELECT], permissions:")
    return variant(more={"adopted/clicked.yaml": text})


def passed_on_of(columns: str) -> Mesh:
    text = adopted(OLD, "[SELECT]").replace("permissions:", "grantable: [SELECT], permissions:")
    return variant(more={"adopted/clicked.yaml": text.replace("credit_card}", f"credit_card, columns: [{columns}]}}")})


def writer() -> Mesh:
    return variant((PROFILE, "tables:\n", "writers: [{name: etl, role: etl, create: true}]\ntables:\n"))


def elsewhere(target: OnTable) -> Address:
    return addresses.grant(placement(ANALYTICS), Grant(IAM_ALLOWED_PRINCIPALS, target, "SELECT"))


ONE_COLUMN = """\
  - account: central
    principal: "90000000000{}:IAMPrincipals"
    resource: {{database: credit-card, table: credit_card, columns: [age]}}
    permissions: [SELECT]"""
KEYS = "    partitionKeys:\n      - {name: trading_day, type: date, description: Day of the price}\n"
PRODUCTS = ("consumer-banking/credit-profile", "asset-management/fund-prices", "investment-banking/deal-pipeline")


@cache
def readers(
    accounts: int, products: int, reading: int | None = None, kept: int | None = None, *, adopted: bool = False
) -> Mesh:
    """So many accounts beside the example's that read so many products; of those some still do, and of these some.

    `adopted`: whoever they are, a document lets each account read a column besides.
    """
    more = {}
    if adopted:
        more["adopted/clicked.yaml"] = "\n".join(
            [ADOPTED.partition("  - ")[0], *map(ONE_COLUMN.format, range(accounts))]
        )
    for number in range(accounts):
        name = f"lab{number}"
        head = f"apiVersion: meshform/v1\nname: {name}\ndescription: x\n"
        more[f"accounts/{name}.yaml"] = f'{head}kind: Account\nid: "90000000000{number}"\nparts: [consumer]\n'
        more[f"consumers/{name}/consumer.yaml"] = (
            f"{head}kind: Consumer\nowner: analytics-coe-leads\naccount: {name}\n"
            "principals: [{name: ada, wholeAccount: true}]\n"
        )
        if number >= (accounts if reading is None else reading):
            continue
        for product in PRODUCTS[: (products if kept is None else kept)]:
            text = subscription(f"{name}-{product[:5]}", "internal", consumer=name, product=product, principals="[ada]")
            more[f"consumers/{name}/subscriptions/{product[:5]}.yaml"] = text
    return variant(more=more)


def losing(gone: int, accounts: int, products: int) -> Review:
    return review(readers(accounts, products, accounts - gone), wanted(readers(accounts, products)))


def without_admin(each: AnyResource) -> AnyResource:
    return altered(
        each, LakeSettings, lambda settings: replace(settings, admins=frozenset(sorted(settings.admins)[1:]))
    )


def with_more_administrators(each: AnyResource) -> AnyResource:
    def alter(settings: LakeSettings) -> LakeSettings:
        others = {f"arn:aws:iam::111111111111:role/old{number}" for number in range(30 - len(settings.admins))}
        return replace(settings, admins=settings.admins | others)

    return altered(each, LakeSettings, alter)


def ended(each: AnyResource, *why: Why) -> AnyResource:
    outside = tuple(Outside(str(number), "x", word) for number, word in enumerate(why))
    return altered(each, Acceptance, lambda acceptance: replace(acceptance, outside=outside))


def severed(each: AnyResource) -> AnyResource:
    return altered(each, Acceptance, lambda acceptance: replace(acceptance, severed=(grant_of(TABLE).spec,)))


def revoked(each: AnyResource) -> AnyResource | None:
    """A reader has lost what he had on tables; his other rows, and everybody's, were changed by hand since."""
    if not isinstance(each.spec, Grant):
        return each
    if "data-scientist" in each.spec.principal and each.spec.permission == "SELECT":
        return None
    hour = 1 + len(each.address.name) % 20
    by = f"arn:aws:iam::111111111111:role/{'hand' if hour % 3 else 'OrganizationAccountAccessRole'}"
    return replace(each, changed=LastChange(by, datetime(2026, 11, 20, hour, tzinfo=UTC)))


@cache
def in_rows() -> Mesh:
    return variant(
        (
            MODEL,
            "clearance: {sensitivity: [internal, confidential]}",
            "tables: [{name: credit_card, rows: duration > 12, columns: [status, duration]}]",
        )
    )


def relabelled(each: AnyResource, old: str, new: str) -> AnyResource:
    return altered(each, TagAssignment, lambda tag: replace(tag, value=new) if tag.value == old else tag)


def judging(of: str, action: str = "deny", rule: str = "!access.name.endsWith('data-scientist')") -> Mesh:
    text = POLICY.replace("object: change", f"object: {of}\naction: {action}").replace("change.gained", f'"{rule}"')
    return variant(more={"policies/nobody-loses.yaml": text})


def external_profile() -> Mesh:
    return variant((PROFILE, "  - name: credit_card\n", "  - name: credit_card\n    definition: external\n"))


def with_parameter(each: AnyResource, name: str, value: str) -> AnyResource:
    return altered_table(
        each, "fund_price", lambda table: replace(table, parameters=tuple(sorted((*table.parameters, (name, value)))))
    )


def swapped(each: AnyResource) -> AnyResource:
    """The first two columns of the table whose files are CSV in each other's place."""

    def alter(table: Table) -> Table:
        first, second, *rest = table.columns
        return replace(table, columns=(second, first, *rest))

    return altered_table(each, "credit_card", alter)


def in_the_lake() -> Snapshot:
    """Two tables beside the declared one: of Iceberg with a partition key, and in another database."""
    found = wanted(part_of_a_lake())
    (like,) = (each for each in found.of(Table) if each.spec.table == "fund_price")
    more = [
        replace(like, address=like.address._replace(name=f"lake.{name}"), spec=replace(like.spec, table=name))
        for name in ("fund_b", "fund_a", "scratch")
    ]
    keyed = replace(more[0], spec=replace(more[0].spec, partition_keys=(replace(like.spec.columns[0], name="day"),)))
    return Snapshot([*found.values(), keyed, *more[1:]])


def other_location(bucket: str) -> AnyResource:
    (like, *_) = wanted().of(Location)
    name = f"arn:aws:s3:::{bucket}"
    return replace(like, address=like.address._replace(name=name))


def marks() -> list[AnyResource]:
    """The keys of the mesh, marked by another one as well."""
    return [marked_by_another_mesh(each) or each for each in wanted().of(TagMark)]


SUSPENSION = (
    "apiVersion: meshform/v1\nkind: Suspension\nname: x\nreason: A key was found.\nby: ciso\nconsumer: analytics-coe\n"
)


def suspended() -> Mesh:
    return variant(more={"suspensions/x.yaml": SUSPENSION})


def files_without(*folders: str) -> Files:
    return {path: text for path, text in scaffolded().items() if not path.startswith(folders)}


def lenient(*edits: Edit) -> Mesh:
    return variant(("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report"), *edits)


def with_more(mesh: Mesh, *more: AnyResource, unmark: bool = False) -> Snapshot:
    found = [*wanted(mesh).values(), *more]
    return Snapshot(map(unmarked, found) if unmark else found)


def without_role(each: AnyResource) -> AnyResource | None:
    return None if each.address.kind == "iam-role" and each.address.placement.account == ANALYTICS else each


def without_grants(each: AnyResource) -> AnyResource | None:
    return None if isinstance(each.spec, Grant) else each


def without_last_column(each: AnyResource) -> AnyResource:
    return altered_table(each, "fund_price", lambda table: replace(table, columns=table.columns[:-1]))


def with_column(each: AnyResource) -> AnyResource:
    return altered(
        each, Table, lambda table: replace(table, columns=(*table.columns, replace(table.columns[0], name="zz")))
    )


def at_once(made: Review) -> Review:
    """The same steps, all in one wave."""
    assert made.plan is not None
    return replace(made, plan=replace(made.plan, waves=(tuple(made.steps),)), findings=())


def trusting(trust: str) -> Snapshot:
    """AWS where somebody else's policy says who may assume a reader's role."""
    return changed(
        lambda each: (
            altered(each, Role, lambda role: replace(role, trust=trust))
            if each.address.name == "data-scientist"
            else each
        )
    )


def without_marks(each: AnyResource) -> AnyResource | None:
    return None if isinstance(each.spec, TagMark) else each


def keyed(each: AnyResource) -> AnyResource:
    """The last column is a partition key."""
    return altered_table(
        each, "fund_price", lambda table: replace(table, columns=table.columns[:-1], partition_keys=table.columns[-1:])
    )


def fewer_rows(each: AnyResource) -> AnyResource:
    return altered(each, DataFilter, lambda some: replace(some, rows="duration > 24"))


def linked(name: str) -> Mesh:
    return variant((CONSUMER, "workgroup:\n", f"links: {{credit-profile: {name}}}\nworkgroup:\n"))


NEIGHBOURS: dict[str, Callable[[], Review]] = {
    "tags and grants at once": lambda: at_once(lower_and_end()),
    "a link with another name": lambda: review(linked("credit")),
    "somebody else says who may assume a role": lambda: review(
        bank(), trusting('{"Statement": [{"Effect": "Deny", "Principal": "*"}]}'), bank()
    ),
    "nobody knows who may assume a role": lambda: review(bank(), trusting(""), bank()),
    "a policy over what is taken unasked": lambda: review(
        judging("change", "deny", "change.requested || change.gained"),
        with_more(bank(), grant_of(TABLE)),
        judging("change", "deny", "change.requested || change.gained"),
    ),
    "an adopted grant that may be passed on loses a column": lambda: review(
        passed_on_of("status"), wanted(passed_on_of("status, duration"))
    ),
    "an account leaves with its consumers": lambda: review(
        variant(without=["consumers/", "accounts/analytics.yaml"]), base=bank()
    ),
    "a key of nobody's is taken over": lambda: review(
        variant(("mesh.yaml", "territory:\n", "territory:\n  takeOver: {lf-tag: [product]}\n")), changed(without_marks)
    ),
    "a value more of a key of its own": lambda: review(
        variant(
            ("lf-tags/subject.yaml", "  - {value: deals,", "  - {value: loans, description: New.}\n  - {value: deals,")
        )
    ),
    "a partition key of another type": lambda: review(variant((FUNDS, "type: date", "type: string"))),
    "no partition key any more": lambda: review(variant((FUNDS, KEYS, ""))),
    "another partition key": lambda: review(bank(), changed(keyed)),
    "another partition key of an external table": lambda: review(external_funds(), changed(keyed, external_funds())),
    "fewer rows than a subscription shows": lambda: review(in_rows(), changed(fewer_rows, in_rows()), in_rows()),
    "accounts keep a column that others gave them": lambda: review(
        readers(3, 1, 0, adopted=True), wanted(readers(3, 1, adopted=True))
    ),
    "a policy over access that was kept": lambda: review(
        judging("access"), changed(without_grants_of_the_scientist), judging("access")
    ),
    "a policy over access that was kept, as a warning": lambda: review(
        judging("access", "warn"), changed(without_grants_of_the_scientist), judging("access", "warn")
    ),
    "in the order that tags and grants ask for": lower_and_end,
    "tags and grants crosswise": lambda: turned(lower_and_end()),
    "a grant made anew": lambda: planned(Delete(grant_of(TABLE)), Create(grant_of(TABLE))),
    "a grant of one table and columns of another": lambda: planned(
        Delete(grant_of(TABLE)), Create(grant_of(OnColumns(CENTRAL, CREDIT, "other", ("age",))))
    ),
    "a grant of one and columns of another": lambda: planned(
        Delete(grant_of(TABLE)), Create(grant_of(COLUMNS, "arn:aws:iam::111111111111:role/other"))
    ),
    "one gains where one may": lambda: review(limited(principalsGaining=1)),
    "columns of a label": lambda: review(limited(columnsOpened="{confidential: 0, internal: 0}")),
    "three columns of a label where three may": lambda: review(limited(columnsOpened="{confidential: 3}")),
    "one loses where none may": lambda: review(limited(principalsLosing=0)),
    "a region is left as it was applied": lambda: replace(review(bank()), applied=abroad("us-east-1")),
    "a region is kept": lambda: review(abroad("us-east-1"), base=abroad("us-east-1", "us-east-2")),
    "queries in both regions": lambda: review(abroad("eu-west-1", "us-east-1")),
    "a label of many columns": lambda: review(
        variant((PROFILE, "tags: {sensitivity: confidential}", "tags: {sensitivity: internal}"))
    ),
    "a restricted column to confidential": lambda: review(restricted_less("confidential"), base=bank()),
    "nothing is left": lambda: review(mesh_of(files_without("consumers/", "domains/")), wanted(mesh_of(scaffolded()))),
    "no products, of which nothing was there": lambda: review(
        mesh_of(files_without("consumers/", "domains/")), wanted(mesh_of(files_without("consumers/", "domains/")))
    ),
    "many deletes": lambda: review(variant(("mesh.yaml", "deletes: 10", "deletes: 1"), without=[FUNDS])),
    "as many deletes as may be": lambda: review(variant(("mesh.yaml", "deletes: 10", "deletes: 2"), without=[FUNDS])),
    "a share of deletes": lambda: review(
        variant(("mesh.yaml", "deleteShare: 0.3", "deleteShare: 0.01"), without=[FUNDS])
    ),
    "only DESCRIBE": lambda: review(variant(more={DEALS: subscription("deals", "internal", permissions="[DESCRIBE]")})),
    "more than reading that is there": lambda: review(
        case("more-than-reading").mesh, wanted(case("more-than-reading").mesh)
    ),
    "a writer": lambda: review(
        variant(
            (
                PROFILE,
                "tables:\n",
                "writers: [{name: reads, role: reads, create: true, permissions: [SELECT]}, "
                "{name: etl, role: etl, create: true}]\ntables:\n",
            )
        )
    ),
    "files under the same address with a slash": lambda: review(
        variant((PROFILE, "location: credit_card/", "location: credit_card"))
    ),
    "version 4 as it is": lambda: review(bank(), changed(at_version_four)),
    "reports only, with something to look at": lambda: review(lenient(), with_more(lenient(), grant_of(TABLE))),
    "reports only, with something to do": lambda: review(lenient(WIDER), wanted(lenient())),
    "a database open to IAM": lambda: review(
        bank(),
        with_more(bank(), grant_of(OnDatabase(CENTRAL, CREDIT), IAM_ALLOWED_PRINCIPALS, "DESCRIBE"), unmark=True),
    ),
    "all tables open to IAM": lambda: review(
        bank(), with_more(bank(), grant_of(OnTable(CENTRAL, CREDIT, ALL_TABLES), IAM_ALLOWED_PRINCIPALS), unmark=True)
    ),
    "open to IAM where IAM decides": lambda: review(
        variant(HYBRID), with_more(variant(HYBRID), grant_of(TABLE, IAM_ALLOWED_PRINCIPALS), unmark=True)
    ),
    "the most sensitive to its own account": lambda: review(variant(more={DEALS: subscription("deals", "restricted")})),
    "a role of a consumer is gone": lambda: review(bank(), changed(without_role), bank()),
    "everybody's grants are gone": lambda: review(bank(), changed(without_grants), bank()),
    "everybody's grants are gone, and nobody asked": lambda: review(bank(), changed(without_grants)),
    "two mistakes at once": lambda: review(restricted_less("internal", WIDER, without=[FUNDS]), base=bank()),
    "a suspension": lambda: review(suspended(), wanted(), bank()),
    "a suspension is over": lambda: review(
        bank(),
        wanted(suspended()),
        suspended(),
    ),
    "another column at the end": lambda: review(
        variant(
            (
                PROFILE,
                "      - name: status\n",
                "      - {name: new, type: int, tags: {sensitivity: internal}}\n      - name: status\n",
            )
        )
    ),
    "an external table without a column": lambda: review(
        external_funds(), changed(without_last_column, external_funds())
    ),
    "an external table with another column": lambda: review(external_funds(), changed(with_column, external_funds())),
    "a table with another column": lambda: review(bank(), changed(with_column)),
    "a writer that is there": lambda: review(writer(), wanted(writer())),
    "files of one address, with and without a slash": lambda: review(
        bank(), changed(lambda each: relocated(each, lambda location: location.rstrip("/")))
    ),
    "files of no address": lambda: review(bank(), changed(lambda each: relocated(each, lambda _: ""))),
    "more than reading of products to come": lambda: review(
        variant(
            more={
                DEALS: subscription("deals", "internal", permissions="[SELECT, INSERT]").replace(
                    "product: investment-banking/deal-pipeline", "expression: {subject: [credit, deals, funds]}"
                )
            }
        )
    ),
    "version 5 stays": lambda: review(version_five()),
    "reports only, and not all was seen": lambda: pipeline.review(
        lenient(), observation=Observation(wanted(lenient()), (Gap("topic", placement(CENTRAL), "denied"),))
    ),
    "tables of a part open to IAM": lambda: review(
        part_of_a_lake(),
        with_more(
            part_of_a_lake(),
            *(
                grant_of(OnTable(CENTRAL, "lake", name), IAM_ALLOWED_PRINCIPALS)
                for name in ("fund_price", "theirs", ALL_TABLES)
            ),
            *(grant_of(OnDatabase(CENTRAL, name), IAM_ALLOWED_PRINCIPALS, "DESCRIBE") for name in ("lake", "pond")),
        ),
    ),
    "another product open to IAM would be closed": lambda: review(
        closed_to_iam(),
        Snapshot(
            [
                *opened_to_iam(closed_to_iam()).values(),
                grant_of(OnTable(CENTRAL, "fund-prices", "fund_price"), IAM_ALLOWED_PRINCIPALS),
            ]
        ),
    ),
    "a link open to IAM": lambda: review(
        bank(),
        with_more(bank(), replace(grant_of(TABLE, IAM_ALLOWED_PRINCIPALS), address=elsewhere(TABLE)), unmark=True),
    ),
    "an order without meaning": lambda: review(
        variant(("lf-tags/sensitivity.yaml", "ordered: true\n", ""), more={DEALS: subscription("deals", "restricted")})
    ),
    "an adopted grant to everybody whom IAM lets": lambda: review(adopting("IAM_ALLOWED_PRINCIPALS", "[ALL]")),
    "adopted grants beside each other": lambda: review(
        variant(
            WIDER,
            more={"adopted/clicked.yaml": adopted(OLD, "[INSERT, SELECT, DESCRIBE]")},
        ),
    ),
    "an adopted grant that may be passed on is there": lambda: review(passed_on(), wanted(passed_on())),
    "an adopted grant may be passed on from now on": lambda: review(passed_on(), wanted(adopting(OLD, "[SELECT]"))),
    **{
        f"{gone} of {accounts} accounts lose {products} products": partial(losing, gone, accounts, products)
        for gone, accounts, products in ((1, 2, 1), (2, 2, 1), (2, 6, 1), (3, 6, 1), (4, 4, 3))
    },
    "four accounts keep one of three products": lambda: review(readers(4, 3, 4, kept=1), wanted(readers(4, 3))),
    "five accounts keep one of three products": lambda: review(readers(6, 3, 6, kept=1), wanted(readers(6, 3))),
    "an administrator is gone": lambda: review(bank(), changed(without_admin), bank()),
    "shares were ended": lambda: review(bank(), changed(lambda each: ended(each, "rejected", "expired")), bank()),
    "shares have expired": lambda: review(bank(), changed(lambda each: ended(each, "expired", "failed")), bank()),
    "a grant of a share is gone": lambda: review(bank(), changed(severed), bank()),
    "somebody revoked by hand what others still have": lambda: review(bank(), changed(revoked), bank()),
    "rows that a subscription shows are gone": lambda: review(
        in_rows(), changed(without_grants_of_the_scientist, in_rows()), in_rows()
    ),
    "a label was lowered by hand": lambda: review(
        bank(), changed(lambda each: relabelled(each, "restricted", "public")), bank()
    ),
    "a label was raised by hand": lambda: review(
        bank(), changed(lambda each: relabelled(each, "internal", "restricted")), bank()
    ),
    "names that nobody asks for": lambda: review(
        variant(
            (
                "mesh.yaml",
                "territory:\n",
                "territory:\n  takeOver: {database: [credit-card, theirs], lf-tag: [product, domain]}\n",
            )
        ),
        changed(unmarked),
    ),
    "a policy over access": lambda: review(judging("access"), base=bank()),
    "a policy over access that is broken already": lambda: review(judging("access"), wanted(), judging("access")),
    "a policy over access as a warning": lambda: review(judging("access", "warn"), wanted(), judging("access")),
    "a policy over plans": lambda: review(
        judging("plan", "deny", "plan.create == 0 && plan.update == 0 && plan.delete == 0"),
        wanted(variant(without=[FUNDS])),
    ),
    "a policy over what is not asked for": lambda: review(
        judging("change", "deny", "change.requested || !change.gained"),
        changed(without_grants_of_the_scientist),
        judging("change", "deny", "change.requested || !change.gained"),
    ),
    "files outside of all domains": lambda: review(
        external_funds(), changed(lambda each: relocated(each, lambda _: "s3a://elsewhere/x/"), external_funds())
    ),
    "files nowhere": lambda: review(
        external_funds(), changed(lambda each: relocated(each, lambda _: "hdfs://elsewhere/x/"), external_funds())
    ),
    "files of another domain": lambda: review(
        external_funds(),
        changed(
            lambda each: relocated(each, lambda _: "s3n://bank-consumer-banking-222222222222-eu-west-1/credit_card"),
            external_funds(),
        ),
    ),
    "two tables of a lake that are not declared": lambda: review(part_of_a_lake(), in_the_lake()),
    "a new location beside others": lambda: review(variant(FAR), with_more(bank(), other_location("elsewhere"))),
    "a new location in one that goes": lambda: review(
        bank(), wanted(variant((BANKING_DOMAIN, "account:", "prefix: deep\naccount:")))
    ),
    "another mark on a key that is in use": lambda: review(bank(), with_more(bank(), *marks())),
    "more administrators than may be, all there": lambda: review(bank(), changed(with_more_administrators)),
    "a table that its writer made Iceberg of": lambda: review(
        bank(), changed(lambda each: with_parameter(each, "table_type", "ICEBERG"))
    ),
    "a table that its writer made Delta of": lambda: review(
        bank(), changed(lambda each: with_parameter(each, "table_type", "DELTA"))
    ),
    "columns swapped by hand": lambda: review(bank(), changed(swapped)),
    "columns swapped by the writer": lambda: review(external_profile(), changed(swapped, external_profile())),
    "a table at the same files under another name": lambda: review(
        variant((FUNDS, "- name: fund_price\n", "- name: price\n    location: fund_price\n"))
    ),
    "another table in place of one": lambda: review(
        variant(
            (FUNDS, "- name: fund_price\n", "- name: price\n"),
            (FUNDS, "{name: isin,", "{name: number,"),
            (FUNDS, 'IsComplete "isin"', 'IsComplete "number"'),
        )
    ),
}
TURNS = (
    "moved-files",
    "moved-queries",
    "rename",
    "shifted-columns",
    "undeclared-table",
    "outside-of-domain",
    "open-to-iam",
)
"""Cases of which the way back is one, too."""
SCENES: dict[str, Callable[[], Review]] = {
    **{name: partial(case, name) for name in CASES},
    **{f"{name}, back": partial(back, name) for name in TURNS},
    **NEIGHBOURS,
}
