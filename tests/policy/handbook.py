"""Thirty rules that handbooks of data governance have, as policies; docs/policies.md names their sources."""

# A policy is a few lines, however long, so that rules can be read down the page.
# ruff: noqa: E501

from __future__ import annotations

HANDBOOK: dict[str, str] = {
    "owner-is-a-team": "object: product\nvalidations: [{expression: product.owner_is_team}]",
    "domain-owner-is-a-team": "object: domain\nvalidations: [{expression: domain.owner_is_team}]",
    "every-column-is-classified": "object: column\nvalidations: [{expression: \"column.sensitivity != ''\"}]",
    "columns-are-described": "object: column\nmatchConditions: [{name: sensitive, expression: column.rank >= 3}]\nvalidations: [{expression: \"column.description != ''\"}]",
    "purpose-is-a-sentence": "object: subscription\nvalidations: [{expression: \"subscription.purpose.split(' ').size() >= 3\", messageExpression: \"'say what for, in a sentence, not ' + subscription.purpose\"}]",
    "restricted-has-an-end": "object: subscription\nmatchConditions: [{name: restricted, expression: \"'restricted' in subscription.sensitivities\"}]\nvalidations: [{expression: \"subscription.expires != ''\"}]",
    "confidential-ends-within-a-year": "object: subscription\nmatchConditions: [{name: confidential, expression: subscription.rank >= 3}]\nvalidations: [{expression: subscription.days >= 0 && subscription.days <= 366}]",
    "approval-has-a-ticket": "object: subscription\nmatchConditions: [{name: confidential, expression: subscription.rank >= 3}]\nvalidations: [{expression: \"subscription.ticket != ''\"}]\naction: warn",
    "consumers-only-read": "object: subscription\nvalidations: [{expression: \"subscription.permissions.all(p, p in ['SELECT', 'DESCRIBE'])\"}]",
    "no-share-with-whole-accounts": "object: subscription\nvalidations: [{expression: subscription.principals.size() > 0}]",
    "no-whole-organizations": "object: consumer\nvalidations: [{expression: \"consumer.organization == ''\"}]",
    "few-principals": "object: subscription\nvalidations: [{expression: subscription.principals.size() <= 20}]",
    "restricted-stays-at-home": "object: access\nmatchConditions: [{name: restricted, expression: \"'restricted' in access.sensitivities\"}]\nvalidations: [{expression: access.same_account || access.principal_type == 'machinery'}]",
    "nobody-reads-age-and-sex": "object: access\nvalidations: [{expression: \"!('age' in access.columns && 'personal_status_sex' in access.columns) || access.same_account || access.principal_type == 'machinery'\"}]",
    "only-by-lake-formation": "object: access\nmatchConditions: [{name: people, expression: \"access.principal_type == 'reader'\"}]\nvalidations: [{expression: \"access.path == 'lake-formation'\"}]",
    "nothing-that-no-document-asks-for": "object: access\nmatchConditions: [{name: people, expression: \"access.principal_type == 'other'\"}]\nvalidations: [{expression: access.subscriptions.size() > 0}]",
    "no-open-tables": "object: access\nvalidations: [{expression: \"access.principal_type != 'everybody'\"}]",
    "no-readers-in-the-central-account": "object: access\nmatchConditions: [{name: people, expression: \"access.principal_type == 'reader'\"}]\nvalidations: [{expression: access.account != '111111111111'}]",
    "labels-do-not-go-down": "object: change\nvalidations: [{expression: \"!(change.gained && 'restricted' in change.before)\"}]",
    "no-new-accounts-for-confidential": 'object: change\nvalidations: [{expression: "!(change.gained && change.new_account && change.rank >= 3)"}]\naction: warn',
    "nothing-unasked": "object: change\nvalidations: [{expression: change.requested || !change.gained}]",
    "tables-are-described": "object: table\nvalidations: [{expression: \"table.description != ''\"}]",
    "no-personal-partition-keys": "object: table\nvalidations: [{expression: \"!table.partition_keys.exists(k, k.contains('name') || k.contains('email'))\"}]",
    "quality-is-promised": "object: table\nvalidations: [{expression: table.quality_rules > 0}]\naction: warn",
    "freshness-is-promised": "object: product\nvalidations: [{expression: \"product.freshness != ''\"}]\naction: warn",
    "sources-are-named": "object: product\nvalidations: [{expression: product.sources > 0}]\naction: audit",
    "pii-is-marked": "object: column\nmatchConditions: [{name: by its name, expression: \"column.name.matches('(?i)(email|iban|phone|birth)')\"}]\nvalidations: [{expression: \"column.sensitivity in ['confidential', 'restricted']\"}]",
    "no-automatic-approval-of-confidential": "object: product\nvalidations: [{expression: \"product.approval != 'automatic' || product.rank <= 2\"}]",
    "teams-can-be-reached": "object: team\nvalidations: [{expression: \"team.email != '' || team.github != ''\"}]",
    "accounts-have-few-administrators": "object: account\nvalidations: [{expression: account.admins.size() <= 5}]",
    "tags-have-an-owner": "object: tag\nvalidations: [{expression: \"tag.owner != '' || tag.name in ['product', 'domain', 'subject']\"}]\naction: warn",
}

#: An example that each of them allows, and one that breaks it.
EXAMPLES: dict[str, tuple[str, str]] = {
    "owner-is-a-team": ("owner_is_team: true", "owner: ada"),
    "domain-owner-is-a-team": ("owner_is_team: true", "owner: ada"),
    "every-column-is-classified": ("sensitivity: internal", "name: amount"),
    "columns-are-described": ("rank: 3, description: Amount in euro", "rank: 3"),
    "purpose-is-a-sentence": ("purpose: Forecast of sales", "purpose: analytics"),
    "restricted-has-an-end": ("sensitivities: [restricted], expires: '2027-01-01'", "sensitivities: [restricted]"),
    "confidential-ends-within-a-year": ("rank: 3, days: 366", "rank: 3, days: 367"),
    "approval-has-a-ticket": ("rank: 3, ticket: DATA-1", "rank: 4"),
    "consumers-only-read": ("permissions: [SELECT, DESCRIBE]", "permissions: [SELECT, ALTER]"),
    "no-share-with-whole-accounts": ("principals: [analyst]", "consumer: lab"),
    "no-whole-organizations": ("account: lab", "organization: o-abcdefghij"),
    "few-principals": ("principals: [analyst]", f"principals: [{', '.join(f'p{n}' for n in range(21))}]"),
    "restricted-stays-at-home": (
        "sensitivities: [restricted], same_account: true",
        "sensitivities: [restricted], principal_type: reader",
    ),
    "nobody-reads-age-and-sex": ("columns: [age, amount]", "columns: [age, personal_status_sex]"),
    "only-by-lake-formation": (
        "principal_type: reader, path: lake-formation",
        "principal_type: reader, path: files-by-policy",
    ),
    "nothing-that-no-document-asks-for": ("principal_type: other, subscriptions: [study]", "principal_type: other"),
    "no-open-tables": ("principal_type: reader", "principal_type: everybody"),
    "no-readers-in-the-central-account": (
        "principal_type: reader, account: '444444444444'",
        "principal_type: reader, account: '111111111111'",
    ),
    "labels-do-not-go-down": ("gained: false, before: [restricted]", "gained: true, before: [restricted]"),
    "no-new-accounts-for-confidential": (
        "gained: true, new_account: true, rank: 2",
        "gained: true, new_account: true, rank: 3",
    ),
    "nothing-unasked": ("gained: true, requested: true", "gained: true, requested: false"),
    "tables-are-described": ("description: One row per order", "name: order"),
    "no-personal-partition-keys": ("partition_keys: [day]", "partition_keys: [customer_email]"),
    "quality-is-promised": ("quality_rules: 1", "name: order"),
    "freshness-is-promised": ("freshness: 24h", "name: orders"),
    "sources-are-named": ("sources: 1", "name: orders"),
    "pii-is-marked": ("name: customer_email, sensitivity: restricted", "name: customer_email, sensitivity: internal"),
    "no-automatic-approval-of-confidential": ("approval: automatic, rank: 2", "approval: automatic, rank: 3"),
    "teams-can-be-reached": ("email: stewards@example.com", "members: 2"),
    "accounts-have-few-administrators": ("admins: [one]", "admins: [a, b, c, d, e, f]"),
    "tags-have-an-owner": ("owner: governance", "name: sensitivity"),
}


def handbook(name: str) -> str:
    """The document of one of them, with its examples."""
    allowed, broken = EXAMPLES[name]
    tests = f"tests:\n  - {{name: right, given: {{{allowed}}}, expect: allow}}\n  - {{name: wrong, given: {{{broken}}}, expect: break}}"
    return document(name, f"{HANDBOOK[name]}\n{tests}")


def document(name: str, body: str) -> str:
    """The document of a policy."""
    return f"apiVersion: meshform/v1\nkind: Policy\nname: {name}\ndescription: It holds.\nowner: governance\n{body}\n"
