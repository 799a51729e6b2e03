"""What AWS asks of whoever grants or tags, besides the call itself: Lake Formation goes on in the caller's name.

https://docs.aws.amazon.com/lake-formation/latest/dg/required-permissions-for-grant.html
https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
"""

from __future__ import annotations

NAMED = ("glue:GetDatabase", "glue:GetTable")
"""To grant, revoke or tag a database or table by its name."""

CROSS_ACCOUNT = (
    "glue:DeleteResourcePolicy",
    "glue:PutResourcePolicy",
    "organizations:DescribeAccount",
    "organizations:DescribeOrganization",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "ram:AssociateResourceShare",
    "ram:AssociateResourceSharePermission",
    "ram:CreateResourceShare",
    "ram:DeleteResourceShare",
    "ram:DisassociateResourceShare",
    "ram:GetPermission",
    "ram:GetResourcePolicies",
    "ram:GetResourceShareAssociations",
    "ram:GetResourceShareInvitations",
    "ram:GetResourceShares",
    "ram:ListPendingInvitationResources",
    "ram:ListPermissionAssociations",
    "ram:ListPermissionVersions",
    "ram:ListPermissions",
    "ram:ListPrincipals",
    "ram:ListReplacePermissionAssociationsWork",
    "ram:ListResourceSharePermissions",
    "ram:ListResourceTypes",
    "ram:ListResources",
    "ram:UpdateResourceShare",
)
"""To grant across accounts: the actions of AWS's managed policy AWSLakeFormationCrossAccountManager."""
