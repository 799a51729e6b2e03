"""What AWS takes at most: lengths, counts and sizes, each with where it is said. No other module of the language knows.

The module knows no botocore; tests/spec/test_limits.py holds its numbers to botocore's models.
"""

from __future__ import annotations

# https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html and API_TableInput.html
COLUMN_COMMENT = 255
DESCRIPTION = 2048
GLUE_NAME = 255
# https://docs.aws.amazon.com/glue/latest/webapi/API_CreateDataQualityRuleset.html
RULESET = 65_536
# https://docs.aws.amazon.com/databrew/latest/dg/API_RecipeAction.html
BREW_OPERATION = 128
BREW_PARAMETER_KEY = 128
BREW_PARAMETER_VALUE = 32_768
# https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html; the model takes longer ones.
LF_TAG_TEXT = 50
LF_TAGS_ON_RESOURCE = 50
LF_TAG_VALUES = 1000
EXPRESSION_BYTES = 900
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_LFTag.html
ASKED_VALUES = 50
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html
ADMINS = 30
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakePrincipal.html
PRINCIPAL = 255
# https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html: fewer than 2,048
ROW_FILTER = 2047
# https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
FILTERS_OF_PRINCIPAL = 100
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; one more is the mark of the mesh.
TAG_KEY = 128
TAG_VALUE = 256
TAGS = 50
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
ROLE_NAME = 64
# https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html
WORKGROUP_NAME = 128
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
EVENT_RULE_NAME = 64
# https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html: multiplied over its keys
FILTER_VALUES = 150
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_Condition.html
CONDITION = 3000
# What nobody's text needs more than; it is far below what an event or a parameter of a database may hold.
TEXT = 16_384
