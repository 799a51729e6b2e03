"""Neighbours of mistakes that are just right: meshes of which nothing is said."""

# ruff: noqa: E501 -- a case is a line, however long, so that they can be read down the page
# fmt: off

from __future__ import annotations

from tests.spec.cases import (
    ADOPTED,
    ADOPTS,
    BY_DOCUMENT,
    BY_TABLE,
    DATA,
    EXCEPTION,
    EXCEPTS,
    MESH,
    MORE,
    OTHER,
    PEOPLE,
    POLICIES,
    POLICY,
    SENSITIVITY,
    STAFF,
    STAFFED,
    SUBJECT,
    SUSPENDS,
    SUSPENSION,
    Change,
    long_rules,
)
from tests.spec.small import DOMAIN, LAB, PRODUCT, STUDY

CENTRAL, LAB_ACCOUNT = "accounts/central.yaml", "accounts/lab.yaml"
AUTOMATIC: Change = (PRODUCT, "", "approval: {automaticUpTo: internal}\n")
PART = "apiVersion: meshform/v1\nkind: Product\nname: NAME\ndomain: sales\nowner: sales-team\ndescription: x\nexternal: [database]\nextent: tables\ndatabase: DATABASE\ntags: {sensitivity: internal}\ntables: [{name: TABLE, location: TABLE, definition: external, columns: [{name: a, type: int}]}]\n"
ABROAD: Change = (LAB_ACCOUNT, "", "regions: [us-east-1]\n")
IN_CENTRAL: list[Change] = [(LAB, "account: lab", "account: central"), (CENTRAL, "[central]", "[central, consumer]")]
VIEW: list[Change] = [(PRODUCT, "  - name: order\n", "  - name: order\n    definition: external\n    format: view\n"), (PRODUCT, "    partitionKeys:\n      - {name: day, type: date}\n", ""), (PRODUCT, ", tags: {sensitivity: secret}", "")]
RECIPE = "{operation: UPPER_CASE, parameters: {sourceColumn: id}}"


def adopting(resource: str) -> list[Change]:
    """One permission on a resource that was there before the mesh."""
    return [(ADOPTED, "", ADOPTS.replace("{database: d}", resource))]


def part(name: str, database: str, table: str, pattern: str = "") -> Change:
    """A product that is one table of a database that others made."""
    text = PART.replace("NAME", name).replace("DATABASE", database).replace("TABLE", table)
    return (f"domains/sales/products/{name}.yaml", "", f"{text}pattern: '{pattern}'\n" if pattern else text)


# (what it is beside, rules that may speak, changes)
RIGHT: list[tuple[str, set[str], list[Change]]] = [
    ("as many administrators as AWS takes", set(), [(DATA, "", f"admins: [{', '.join(f'role-{n}' for n in range(30))}]\n")]),
    # adopted
    *((f"adopted {resource}", set(), adopting(resource)) for resource in (
        "{database: d, catalog: c}", "{database: d, table: t}", "{database: d, table: '*'}", "{catalog: c}", "{location: x}",
        "{database: d, table: t, columns: [a]}", "{database: d, table: t, exclude: [a]}", "{database: d, table: t, filter: f}",
        "{of: TABLE, tags: {a: [b]}}", "{of: TAG, tags: {a: [b]}}", "{of: TABLE, expression: e}", "{of: DATABASE, expression: e}", "{other: '{}'}")),
    ("adopted in a region of its account", set(), [(LAB_ACCOUNT, "", "regions: [us-east-1]\n"), (ADOPTED, "", ADOPTS.replace("account: data", "account: lab, region: us-east-1"))]),
    ("adopted in the home region", set(), [(ADOPTED, "", ADOPTS.replace("account: data", "account: lab, region: eu-west-1"))]),
    ("adopted and passed on", set(), [(ADOPTED, "", ADOPTS.replace("permissions: [SELECT]", "permissions: [SELECT], grantable: [SELECT]"))]),
    ("adopted until today", set(), [(ADOPTED, "", ADOPTS.replace("2027-01-01", "2026-11-22"))]),
    ("adopted tags in other scripts", set(), [(ADOPTED, "", ADOPTS.replace("{database: d}", "{of: TABLE, tags: {Ärger: [größe, '*']}}") + "tags: [{database: d, key: Ärger, value: größe}]\n")]),
    # approvals
    ("a folder that asks nobody", set(), [AUTOMATIC, ("consumers/lab/subscriptions/orders/automatic/s.yaml", "", MORE)]),
    ("nobody needs to say so", set(), [BY_DOCUMENT, AUTOMATIC, (STUDY, "approval: {by: sales-team, at: 2026-11-01}\n", "")]),
    ("a folder of neither domain nor product", set(), [("consumers/lab/subscriptions/other/s.yaml", "", MORE)]),
    ("approved today by two", set(), [BY_DOCUMENT, (STUDY, "{by: sales-team, at: 2026-11-01}", "{by: 'lab-team, sales-team', at: 2026-11-22, text: 0866ab0f11b5}")]),
    # clearances
    ("as many tags as go", set(), [(MESH, "", "tags: {" + ", ".join(f"t{n}: x" for n in range(48)) + "}\n")]),
    ("fifty values", set(), [(SUBJECT, "", "".join(f"  - {{value: v{n}, description: x}}\n" for n in range(49))), (STUDY, "{sensitivity: [internal]}", "{sensitivity: [internal], subject: [trade, " + ", ".join(f"v{n}" for n in range(49)) + "]}")]),
    ("a product of a clearance by tags", set(), [(STUDY, "product: sales/orders\nclearance: {sensitivity: [internal]}", "expression: {subject: [trade]}\nclearance: {sensitivity: [internal], product: [orders]}")]),
    ("all of what others make", set(), [STAFF, (PEOPLE, "", STAFFED.replace("tags: {", "tags: {subject: people, ")), ("consumers/lab/subscriptions/s.yaml", "", "apiVersion: meshform/v1\nkind: Subscription\nname: more\nconsumer: lab\nexpression: {subject: [people]}\nprincipals: [analyst]\npurpose: x\n")]),
    # curation
    ("a crawler of all", set(), [(PRODUCT, "", "crawler: {path: ''}\n")]),
    ("a crawler of its table", set(), [(PRODUCT, "", "crawler: {path: order/, schedule: cron(0 4 ? * MON *)}\n")]),
    ("a crawler above its table", set(), [(PRODUCT, "  - name: order\n", "  - name: order\n    location: raw/order\n"), (PRODUCT, "", "crawler: {path: raw/}\n")]),
    ("a recipe", set(), [(PRODUCT, "", f"curation: {{dataBrew: {{source: {{location: raw}}, recipe: [{RECIPE}], output: order}}}}\n")]),
    # places
    ("a place of a domain", set(), [(DOMAIN, "", "places: [{name: raw, bucket: raw-of-sales}]\n"), (PRODUCT, "  - name: order\n", "  - name: order\n    place: raw\n")]),
    ("work at home beside a place abroad", set(), [(DOMAIN, "", "places: [{name: raw, bucket: raw-of-sales, region: us-east-1}]\n"), (PRODUCT, "", "  - name: far\n    place: raw\n    tags: {sensitivity: internal}\n    columns: [{name: a, type: int}]\ncrawler: {path: ''}\n"), (PRODUCT, "    partitionKeys:", "    quality:\n      - {rule: 'IsComplete \"amount\"'}\n    partitionKeys:")]),
    # duplicates
    ("a role that is used and made elsewhere", set(), [(LAB, "", "  - {name: a, role: maker, create: true}\n  - {name: b, role: Maker}\n"), (STUDY, "[analyst]", "[analyst, a, b]")]),
    ("an administrator of two documents", set(), [(LAB_ACCOUNT, "", "manageRoles: true\nadmins: [chief, 'arn:aws:iam::444444444444:role/curate-orders']\n"), (LAB, "", "admins: [chief]\n")]),
    # extents
    ("two parts of a database", set(), [part("left", "lake", "one", "one*"), part("right", "lake", "two", "two*")]),
    ("patterns of two databases", set(), [part("left", "lake", "one", "o*"), part("right", "pond", "two", "o*")]),
    ("tables of one name in whole databases", set(), [OTHER, (OTHER[0], "name: back", "name: order"), (OTHER[0], "tables: [{name: order", "tables: [{location: other, name: order")]),
    ("all of an external domain is a part", set(), [STAFF, (PEOPLE, "", STAFFED.replace("database: people", "database: people\nextent: tables"))]),
    # external
    ("settings that are there", set(), [(CENTRAL, "", "resources: external\n"), (MESH, "", "crossAccountVersion: 2\n")]),
    ("version 3", set(), [(MESH, "", "crossAccountVersion: 3\n")]),
    # formats
    ("a table of another format", set(), [(PRODUCT, "  - name: order\n", "  - name: order\n    format: other\n    storage: {inputFormat: a.A, outputFormat: a.B, serializer: a.C}\n    properties: {a: b}\n    compression: zstd\n")]),
    ("a table of others in another format", set(), [(PRODUCT, "  - name: order\n", "  - name: order\n    format: other\n    definition: external\n")]),
    ("csv", set(), [(PRODUCT, "  - name: order\n", "  - name: order\n    format: csv\n    csv: {header: false}\n")]),
    ("json", set(), [(PRODUCT, "  - name: order\n", "  - name: order\n    format: json\n    json: {serializer: hive}\n")]),
    # links
    ("links of two products", set(), [OTHER, (STUDY, "product: sales/orders", "expression: {subject: [trade]}"), (OTHER[0], "database: returns", "database: returns\ntags: {subject: trade}"), (LAB, "", "links: {orders: mine, returns: yours}\n")]),
    ("a link in another region than the catalog", set(), [ABROAD, (LAB, "", "links: {orders: mine}\n")]),
    # locations
    ("longest bucket", set(), [(DOMAIN, "", f"bucket: {'b' * 63}\nprefix: a/b\n")]),
    ("others' buckets and paths", set(), [STAFF, (PEOPLE, "", STAFFED)]),
    # named tables
    ("a struct five deep", set(), [(PRODUCT, "{name: amount, type: int}", "{name: amount, type: int}\n      - {name: at, type: \"struct<a:struct<b:struct<c:struct<d:struct<e:int>>>>>\"}"), (STUDY, BY_TABLE, "tables: [{name: order, columns: [at.a.b.c.d]}]")]),
    ("columns left out within the central account", {"unused-account"}, [*IN_CENTRAL, (STUDY, BY_TABLE, "tables: [{name: order, exclude: [email]}]")]),
    # partitions
    ("a key of the region", set(), [(MESH, "", "notificationKey: 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'\n")]),
    ("a text about an ARN of China", set(), [(DOMAIN, "description: Selling.", "description: 'arn:aws-cn:iam::444444444444:role/other'")]),
    # policies
    ("an exception on its longest day", set(), [(POLICY, "", f"{POLICIES}longestException: 90d\n"), (EXCEPTION, "", EXCEPTS.replace("2027-06-30", "2027-02-20"))]),
    ("an exception that ends today", {"exception-ends"}, [(POLICY, "", POLICIES), (EXCEPTION, "", EXCEPTS.replace("2027-06-30", "2026-11-22"))]),
    ("an exception that ends in two weeks", set(), [(POLICY, "", POLICIES), (EXCEPTION, "", EXCEPTS.replace("2027-06-30", "2026-12-06"))]),
    ("a policy of a domain", set(), [("domains/sales/policies/ends.yaml", "", POLICIES + "domain: sales\n")]),
    # places
    ("two places of one bucket", set(), [(DOMAIN, "", "bucket: of-sales\nprefix: a\nplaces: [{name: raw, bucket: of-sales, prefix: b}]\n")]),
    ("a lock beside the journal", set(), [(MESH, "", "journal: {bucket: evidence}\nlock: {bucket: evidence, key: runs/lock}\nscripts: ['s3://evidence/jobs/']\n")]),
    ("a script in its place", set(), [(MESH, "", "scripts: ['s3://code/jobs/']\n"), (PRODUCT, "", "curation: {glueJob: {script: 's3://code/jobs/x.py', sources: [order, raw]}}\n")]),
    ("a view beside a table", set(), [(PRODUCT, "", "  - name: seen\n    definition: external\n    format: view\n    tags: {sensitivity: internal}\n    columns: [{name: a, type: int}]\n  - name: seen2\n    definition: external\n    format: view\n    tags: {sensitivity: internal}\n    columns: [{name: a, type: int}]\n")]),
    # principals
    ("a role with a path", set(), [(LAB, "role: analyst}", "role: people/analyst}")]),
    ("a role that others may assume", set(), [(LAB, "role: analyst}", "role: analyst, create: true, externalId: acme, trust: [glue.amazonaws.com]}")]),
    ("the longest ARN", set(), [(LAB, "role: analyst}", "arn: 'arn:aws:iam::444444444444:role/" + "p" * 223 + "'}")]),
    ("a steward by ARN", set(), [(DOMAIN, "", "stewards: ['arn:aws:iam::222222222222:role/a/s']\n"), (DATA, "", "manageRoles: true\nadmins: ['arn:aws:iam::999999999999:role/a/s']\n")]),
    ("a steward with a path that is not made", set(), [(DATA, "", "stewards: [people/s]\n")]),
    ("somebody of Identity Center", set(), [(LAB, "role: analyst}", "arn: 'arn:aws:identitystore:::group/906769f4-1061-7024-a12b-abcdef123456'}")]),
    # products
    ("types of others", set(), [STAFF, (PEOPLE, "", STAFFED)]),
    ("a source that is there", set(), [(PRODUCT, "", "lineage: {sources: [{name: x, product: sales/orders}, {name: y}]}\n")]),
    ("classified as a whole", set(), [(PRODUCT, "    tags: {sensitivity: internal}\n", ""), (PRODUCT, "tags: {subject: trade}", "tags: {subject: trade, sensitivity: internal}")]),
    ("a quality rule of no column", set(), [(PRODUCT, "    partitionKeys:", "    quality:\n      - {rule: 'RowCount > 1'}\n      - {rule: 'IsComplete \"day\"'}\n    partitionKeys:")]),
    ("rules as long as Glue takes", set(), [(PRODUCT, "    partitionKeys:", "    quality:\n" + long_rules(65_536) + "    partitionKeys:")]),
    ("types of others in rows", set(), [STAFF, (PEOPLE, "", STAFFED), ("consumers/lab/subscriptions/s.yaml", "", MORE.replace("product: orders", "product: people").replace(BY_TABLE, "tables: [{name: person, rows: a.b = 1}]"))]),
    # recertification
    ("a round that is over", set(), [(MESH, "", "recertification: {first: 2027-01-01, every: 31d, answer: 30d, sensitivity: secret}\n"), (STUDY, "", "confirmed: {by: sales-team, at: 2026-11-22}\n")]),
    # regions
    ("regions that a mesh names", set(), [(MESH, "", "regions: [eu-new-1, us-east-2]\n"), (LAB_ACCOUNT, "", "regions: [eu-new-1, eu-west-1]\n")]),
    ("results of one region", set(), [(LAB, "", "workgroup: {resultsBucket: results-of-lab}\n")]),
    ("results of several regions", set(), [(LAB_ACCOUNT, "", "regions: [eu-west-1, us-east-1]\n"), (LAB, "", "workgroup: {}\n")]),
    # retirement
    ("what goes is read until it has ended", {"expired-subscription"}, [OTHER, (PRODUCT, "", "retires: {until: 2026-12-31, instead: sales/returns}\n"), (STUDY, "", "expires: 2026-11-21\n")]),
    ("what goes and nobody reads", set(), [(PRODUCT, "{name: email, type: string, ", "{name: email, type: string, retires: {until: 2026-12-31, instead: id}, ")]),
    # row filters
    ("rows by a boolean", set(), [(PRODUCT, "{name: amount, type: int}", "{name: amount, type: int}\n      - {name: paid, type: boolean}\n      - {name: home, type: 'struct<City:string>'}"), (STUDY, BY_TABLE, "tables: [{name: order, rows: \"paid = true and home.city like 'A%' and id is not null\"}]")]),
    ("rows by what is shown", set(), [(PRODUCT, "{name: day, type: date}", "{name: day, type: string}"), (STUDY, BY_TABLE, "tables: [{name: order, columns: [id], rows: \"id = 'a' and day = 'b'\"}]")]),
    # scripts
    ("a tag in capitals", set(), [(MESH, "", "tags: {Größe: Übermaß}\n")]),
    ("names in other scripts", {"quoted-name"}, [(PRODUCT, "{name: id,", "{name: größe,")]),
    # subscriptions
    ("an end today", set(), [(STUDY, "", "expires: 2026-11-22\n")]),
    ("a share with principals", set(), [(STUDY, "", "share: principals\n")]),
    # suspensions
    *((f"a suspension of {what}", set(), [(SUSPENSION, "", SUSPENDS + f"{what}\nuntil: 2026-11-29\n")]) for what in (
        "consumer: lab", "product: orders", "product: sales/orders", "subscription: study", "principal: lab/analyst",
        "principal: 'arn:aws:iam::444444444444:role/x'", "tag: {sensitivity: secret}")),
    ("a suspension of somebody in no group", set(), [(LAB, "", "  - {name: people, group: 11111111-1111-1111-1111-111111111111, members: ['arn:aws:iam::444444444444:role/other']}\n"), (STUDY, "[analyst]", "[analyst, people]"), (SUSPENSION, "", SUSPENDS + "principal: lab/analyst\n")]),
    ("a suspension of a group as well", set(), [(LAB, "", "  - {name: people, group: 11111111-1111-1111-1111-111111111111, members: ['arn:aws:iam::444444444444:role/analyst']}\n"), (STUDY, "[analyst]", "[analyst, people]"), (SUSPENSION, "", SUSPENDS + "principal: lab/analyst\n"), ("suspensions/other.yaml", "", SUSPENDS.replace("incident", "other") + "principal: lab/people\n")]),
    ("a suspension of somebody of another account than the one that reads as a whole", set(), [(LAB, "", "  - {name: everybody, wholeAccount: true}\n"), (STUDY, "[analyst]", "[analyst, everybody]"), (SUSPENSION, "", SUSPENDS + "principal: 'arn:aws:iam::999999999999:role/x'\n")]),
    # tags
    ("as many LF-tags as AWS takes", set(), [*((f"lf-tags/k{n}.yaml", "", f"apiVersion: meshform/v1\nkind: LFTag\nname: k{n}\ndescription: x\nvalues: [{{value: x, description: x}}]\n") for n in range(46)), (PRODUCT, "tags: {sensitivity: internal}", "tags: {sensitivity: internal, subject: trade, " + ", ".join(f"k{n}: x" for n in range(46)) + "}")]),
    # teams
    ("notices to a team", set(), [(STUDY, "", "notify: {emails: [sales-team, a@example.com]}\n"), (MESH, "", "notifications: {owners: [a@example.com, sales-team]}\n")]),
    # terms
    ("an end within a term", set(), [(SENSITIVITY, "{value: internal, ", "{value: internal, term: {longest: 180d}, "), (STUDY, "", "expires: 2027-05-21\n")]),
    ("an end that was reached", {"expired-subscription"}, [(SENSITIVITY, "{value: internal, ", "{value: internal, term: {longest: 1d, from: 2026-11-01}, "), (STUDY, "", "expires: 2026-11-21\n")]),
    # territory
    *((f"an exception of {what}", set(), [(MESH, "", f"territory: {{exceptions: [{{{what}, undeclaredGrants: report}}]}}\n")]) for what in ("product: orders", "principal: IAM_ALLOWED_PRINCIPALS", "key: theirs")),
    ("what was not seen of an account", set(), [(MESH, "", "territory: {unseen: {lab: [grant]}}\n")]),
    # views
    ("views as a whole", set(), VIEW),
    ("a view without columns", {"no-columns"}, [(PRODUCT, "", "  - name: seen\n    definition: external\n    format: view\n")]),
    # whole tables
    ("a table twice as a whole", set(), [(STUDY, BY_TABLE, "tables: [{name: order}]"), ("consumers/lab/subscriptions/third.yaml", "", MORE.replace(BY_TABLE, "tables: [{name: order}]"))]),
    ("tables of one name of two products", set(), [OTHER, (OTHER[0], "name: back", "name: order"), (OTHER[0], "tables: [{name: order", "tables: [{location: other, name: order"), (STUDY, BY_TABLE, "tables: [{name: order}]"), ("consumers/lab/subscriptions/third.yaml", "", MORE.replace(BY_TABLE, "tables: [{name: order, columns: [a]}]").replace("product: orders", "product: returns"))]),
    ("as many filters as AWS takes", set(), [(STUDY, BY_TABLE, "tables: [{name: order, rows: amount > 0}]"), *((f"consumers/lab/subscriptions/f{n}.yaml", "", MORE.replace("name: more", f"name: f{n}").replace(BY_TABLE, f"tables: [{{name: order, rows: amount > {n}}}]")) for n in range(1, 100))]),
    # writers
    ("two writers", set(), [(PRODUCT, "", "writers: [{name: dbt, role: dbt, create: true, trust: [glue.amazonaws.com]}, {name: etl, role: 'arn:aws:iam::222222222222:role/a/etl'}, {name: old, role: x/old}]\n")]),
]
