"""Documents with the fields that the full mesh leaves out, so that a law over every field meets each of them.


They are valid beside the full mesh (`tests/kinds/full.py`); what cannot stand together is in a domain of its own.
"""

# A document is a few lines, however long, so that it can be read down the page.
# ruff: noqa: E501

from __future__ import annotations

HEAD = "apiVersion: meshform/v1\n"

MESH = """\
journal: {path: .meshform/evidence, bucket: bank-evidence, prefix: journal/, signingKey: alias/bank-evidence}
lock: {bucket: bank-evidence, key: locks/apply}
notifications: {owners: [teams@example.com]}
regions: [eu-west-1, us-east-1]
drift: {heal: {kinds: [grant], accept: [reopens-access]}}
recertification: {first: 2026-12-01, every: 180d, answer: 30d, sensitivity: restricted}
"""
"""More of mesh.yaml. `roles` has fields of its own, below."""

ROLES = (
    "  apply: OrganizationAccountAccessRole",
    "  apply: OrganizationAccountAccessRole\n  externalId: bank-only\n  boundary: bounds\n  keep: Keeper",
)
TERRITORY = (
    "  undeclaredGrants: revoke",
    "  undeclaredGrants: revoke\n  takeOver: {bucket: [bank-riverside]}\n  unseen: {riverside: [grant]}\n  exceptions:\n"
    "    - {product: tides, principal: 'arn:aws:iam::222222222222:role/etl', key: subject, undeclaredGrants: report}",
)

MORE: dict[str, str] = {
    "accounts/riverside.yaml": f"""\
{HEAD}kind: Account
name: riverside
description: Rivers.
id: "555555555555"
parts: [producer, consumer]
organization: o-abcdefghij
admins: [river-admin]
""",
    "domains/rivers/domain.yaml": f"""\
{HEAD}kind: Domain
name: rivers
description: Rivers and tides.
owner: river-wardens
account: riverside
bucket: bank-riverside
prefix: water
kmsKey: arn:aws:kms:eu-west-1:555555555555:key/11111111-2222-3333-4444-555555555555
region: eu-west-1
places:
  - {{name: cold, bucket: bank-riverside-cold, prefix: ice, kmsKey: "arn:aws:kms:eu-west-1:555555555555:key/aaaaaaaa-2222-3333-4444-555555555555"}}
""",
    "domains/rivers/products/tides.yaml": f"""\
{HEAD}kind: Product
name: tides
domain: rivers
owner: river-wardens
description: Heights of tides.
database: tides
tags: {{subject: funds, sensitivity: internal}}
writers:
  - {{name: gauges, description: Writes the heights., role: gauges, create: true, trust: [glue.amazonaws.com]}}
lineage: {{sources: [{{name: credits, product: consumer-banking/credit-profile}}]}}
crawler: {{path: heights, schedule: 'cron(0 4 * * ? *)'}}
curation:
  glueJob: {{script: s3://bank-riverside/water/job.py, sources: [raw/heights], arguments: {{--source: raw}}}}
tables:
  - name: height
    description: One row per gauge and hour.
    location: heights
    format: csv
    csv: {{header: true, delimiter: ";", quote: '"', escape: "~"}}
    properties: {{projection.enabled: "false"}}
    columns: [{{name: gauge, type: string}}, {{name: metres, type: double, retires: {{until: 2099-12-31, instead: meters, reason: Its name.}}}}]
    retires: {{until: 2099-12-31, instead: height, reason: Measured otherwise.}}
retires: {{until: 2099-12-31, instead: rivers/gauges, reason: Gauges tell more.}}
""",
    "domains/rivers/products/gauges.yaml": f"""\
{HEAD}kind: Product
name: gauges
domain: rivers
owner: river-wardens
description: Gauges.
database: gauges
tags: {{sensitivity: internal}}
tables:
  - name: raw_height
    format: other
    storage:
      serializer: org.apache.hadoop.hive.serde2.RegexSerDe
      inputFormat: org.apache.hadoop.mapred.TextInputFormat
      outputFormat: org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat
      parameters: {{input.regex: "(.*)"}}
    columns: [{{name: line, type: string}}]
  - name: old_height
    database: frozen
    place: cold
    columns: [{{name: gauge, type: string}}]
""",
    "domains/rivers/products/floods.yaml": f"""\
{HEAD}kind: Product
name: floods
domain: rivers
owner: river-wardens
description: Floods.
database: floods
tags: {{sensitivity: internal}}
curation:
  dataBrew:
    source: {{location: raw/floods, format: csv, csv: {{delimiter: ";"}}}}
    recipe:
      - {{operation: REMOVE_VALUES, parameters: {{sourceColumn: metres}}}}
    output: flood
tables:
  - name: flood
    format: csv
    columns: [{{name: gauge, type: string}}]
""",
    "consumers/hydrology/consumer.yaml": f"""\
{HEAD}kind: Consumer
name: hydrology
description: Reads rivers.
owner: river-wardens
account: riverside
admins: [hydro-admin]
regions: [eu-west-1]
links: {{credit-profile: credits}}
principals:
  - {{name: hydrologist, role: hydrologist, create: true, externalId: abc-12}}
  - {{name: guest, user: guest}}
  - {{name: group, group: 1234567890-abcdef12-3456-7890-abcd-ef1234567890}}
  - {{name: saml, arn: "arn:aws:iam::555555555555:saml-provider/idp:group/rivers", members: ["arn:aws:iam::555555555555:role/member"]}}
  - {{name: staff, permissionSet: RiverReaders}}
workgroup: {{name: hydro, resultsBucket: bank-hydro-results}}
""",
    "consumers/hydrology/subscriptions/rivers.yaml": f"""\
{HEAD}kind: Subscription
name: rivers
consumer: hydrology
expression: {{subject: [credit]}}
clearance: {{sensitivity: [internal]}}
principals: [hydrologist]
purpose: Look at rivers.
confirmed: {{by: river-wardens, at: 2026-11-20}}
approval: {{by: consumer-banking-stewards, at: 2026-11-18, ticket: T-1, text: abcdef}}
notify: {{emails: [hydro@example.com], queue: "arn:aws:sqs:eu-west-1:555555555555:news"}}
""",
    "consumers/hydrology/subscriptions/filtered.yaml": f"""\
{HEAD}kind: Subscription
name: filtered
consumer: hydrology
product: asset-management/fund-prices
tables: [{{name: fund_price, columns: [isin], rows: currency = 'EUR', filter: euro-only}}]
principals: [guest]
purpose: Look at funds.
approval: {{by: asset-management-stewards, at: 2026-11-18}}
""",
    "consumers/world/consumer.yaml": f"""\
{HEAD}kind: Consumer
name: world
description: The whole organization.
owner: river-wardens
organization: arn:aws:organizations::111111111111:organization/o-abcdefghij
""",
    "adopted/before.yaml": f"""\
{HEAD}kind: Adopted
name: before
description: What was there.
reason: Nobody knows yet.
reviewBy: 2027-06-30
grants:
  - account: central
    region: eu-west-1
    principal: arn:aws:iam::111111111111:role/old
    resource: {{catalog: "111111111111", database: old, table: things, columns: [a]}}
    permissions: [SELECT]
    by: arn:aws:iam::111111111111:role/hand
    at: 2026-11-01
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{database: old, table: things, exclude: [b]}}, permissions: [SELECT], grantable: [SELECT]}}
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{database: old, table: things, filter: f}}, permissions: [SELECT], condition: "context.iam.principalTags['team'] == 'a'"}}
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{location: "arn:aws:s3:::old"}}, permissions: [DATA_LOCATION_ACCESS]}}
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{of: TABLE, tags: {{subject: [credit]}}}}, permissions: [SELECT]}}
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{of: TABLE, expression: saved}}, permissions: [SELECT]}}
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{other: '{{"Catalog": {{"Id": "1"}}}}'}}, permissions: [DESCRIBE]}}
filters:
  - {{database: old, table: things, name: f, columns: [a], rows: a = 1}}
  - {{database: old, table: things, name: g, exclude: [b]}}
optIns:
  - {{account: central, principal: "arn:aws:iam::111111111111:role/old", resource: {{catalog: "111111111111", database: old, table: things}}, condition: "x"}}
tags:
  - {{database: old, table: things, column: a, key: subject, value: credit}}
expressions:
  - {{name: saved, tags: {{subject: [credit]}}}}
policies:
  - {{statement: '{{"Sid": "Old", "Effect": "Allow", "Action": "glue:GetTable", "Principal": "*", "Resource": "*"}}'}}
""",
    "policies/ends.yaml": f"""\
{HEAD}kind: Policy
name: ends
description: It ends.
owner: governance
reason: Because.
link: https://example.com
longestException: 365d
object: subscription
matchConditions: [{{name: all, expression: "true"}}]
variables: [{{name: days, expression: subscription.days}}]
validations: [{{expression: variables.days >= -1, message: It ends., messageExpression: "'it ends'"}}]
tests:
  - {{name: a, given: {{name: x, principals: [a]}}, expect: allow, message: x}}
""",
    "domains/rivers/policies/own.yaml": f"""\
{HEAD}kind: Policy
name: own
description: It is owned.
owner: river-wardens
domain: rivers
object: product
validations: [{{expression: "product.owner != ''"}}]
tests: [{{name: b, given: {{labels: {{subject: credit}}}}, expect: break}}]
""",
    "exceptions/old.yaml": f"""\
{HEAD}kind: Exception
name: old
policy: ends
for: {{name: rivers}}
reason: It was so.
owner: governance
ticket: T-2
until: 2027-06-30
""",
    **{
        f"suspensions/{name}.yaml": f"{HEAD}kind: Suspension\nname: {name}\nreason: x\nby: y\nticket: T-3\n{said}\n"
        for name, said in {
            "one": "subscription: filtered",
            "two": "consumer: world",
            "three": "product: rivers/floods",
            "four": "principal: hydrology/saml",
            "five": "tag: {subject: deals}",
        }.items()
    },
    "lf-tags/season.yaml": f"""\
{HEAD}kind: LFTag
name: season
description: When it was measured.
owner: river-wardens
values: [{{value: spring, description: March to May., term: {{longest: 90d}}}}]
""",
    "teams/river-wardens.yaml": f"""\
{HEAD}kind: Team
name: river-wardens
description: Wardens.
gitlab: river/wardens
members: [otter]
""",
}
"""The other documents."""
