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


def document(name: str, body: str) -> str:
    """The document of a policy."""
    return f"apiVersion: meshform/v1\nkind: Policy\nname: {name}\ndescription: It holds.\nowner: governance\n{body}\n"
