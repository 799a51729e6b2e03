"""Requests about databases and tables that touch what lies in them, too."""

TABLES_GONE = ("glue:DeleteTable", "glue:BatchDeleteTable", "glue:DeleteDatabase")
"""By which tables go, as CloudTrail calls it, with the tags, permissions and filters on them."""

REVOKING = ("lakeformation:RevokePermissions", "lakeformation:BatchRevokePermissions")
"""What takes from a maker what AWS gives him by itself."""
