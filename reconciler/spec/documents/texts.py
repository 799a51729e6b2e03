"""Free texts, and names that AWS stores in any script: LF-tags, tables, columns, tags of resources."""

from typing import Annotated

from pydantic import StringConstraints, WithJsonSchema

from reconciler.spec import limits
from reconciler.spec.documents.shapes import shape
from reconciler.spec.rule import Rule

EMPTY_TEXT = Rule(
    "empty-text",
    "error",
    "A text field says something.",
    "Write a sentence or leave the field out. Tabs and line breaks are the only control signs in it.",
)
ONE_LINE = Rule(
    "one-line",
    "error",
    "The description of a column is one line.",
    "Glue refuses line breaks in a column's comment, and more than 255 characters. Say more in that of the table.",
)
LF_TAG_TEXT = Rule(
    "lf-tag-text",
    "error",
    "LF-tag keys and values are 1 to 50 characters in lower case.",
    "Lake Formation folds keys and values to lower case and refuses more than 50 characters. It takes letters and "
    "digits of any script, blanks and _ . : / = + @ % -. Write them as they are stored.",
)
GLUE_NAME = Rule(
    "glue-name",
    "error",
    "Databases, tables and columns have names that Glue and Athena keep as they are.",
    "Glue folds names to lower case. Letters and digits of any script, _ - . and blanks inside are kept; no name has "
    "quotes, commas, slashes or wildcards.",
)
BREW = Rule(
    "databrew-step",
    "error",
    "A step of a recipe names an operation of DataBrew and its parameters as DataBrew writes them.",
    "https://docs.aws.amazon.com/databrew/latest/dg/recipe-actions-reference.html lists the operations.",
)
RESOURCE_TAG = Rule(
    "resource-tag",
    "error",
    "Tags of AWS resources have keys and values that every service takes.",
    "Letters and digits of any script, blanks and _ . : / = + - @; keys of 1 to 128 characters, values of up to 256; "
    "at most 48, since two are Meshform's. Keys that begin with aws: are AWS's own, meshform: ours.",
)

_CONTROL = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{FFFE}\x{FFFF}"
_SAYS = rf"^[^{_CONTROL}]*[^{_CONTROL} \t\r\n][^{_CONTROL}]*$"
# Patterns name ASCII only, since the tables of Unicode would take a quarter of a second to read at every start; what
# else may be in a name is looked at by the check `scripts`.
_OTHER = r"\x{80}-\x{10FFFF}"
# Upper case, control signs and what a query, a policy or a list would read as more than a name.
_NOT_STORED = r"A-Z\x00-\x1F\x7F*?${}\"'`<>\\/;:,|"
_STORED = rf"[^ {_NOT_STORED}]([^{_NOT_STORED}]*[^ {_NOT_STORED}])?"
_LF_SIGN = rf"a-z0-9{_OTHER}_.:/=+@%-"


def _words(longest: int) -> tuple[object, WithJsonSchema]:
    schema = {"type": "string", "pattern": "\\S", "maxLength": longest}
    return shape(EMPTY_TEXT, _SAYS, "must say something, without control signs", longest), WithJsonSchema(schema)


Words = Annotated[str, *_words(limits.TEXT)]
Description = Annotated[str, *_words(limits.DESCRIPTION)]
Comment = Annotated[
    str,
    shape(
        ONE_LINE,
        r"^[^\x00-\x1F\x7F-\x{9F}\x{2028}\x{2029}\x{FFFE}\x{FFFF}]+$",
        "must be one line (Glue takes no line break in the comment of a column)",
        limits.COLUMN_COMMENT,
        strip=True,
    ),
    WithJsonSchema({"type": "string", "pattern": "^[^\\r\\n]*\\S[^\\r\\n]*$", "maxLength": limits.COLUMN_COMMENT}),
]
# Lake Formation folds keys and values to lower case when it stores them; here they are written as they are stored.
TagText = Annotated[
    str,
    shape(
        LF_TAG_TEXT,
        rf"^[a-z0-9{_OTHER}]([ {_LF_SIGN}]*[{_LF_SIGN}])?$",
        f"must be 1 to {limits.LF_TAG_TEXT} letters or digits in lower case, blanks or _ . : / = + @ % - "
        "(Lake Formation stores LF-tags in lower case)",
        limits.LF_TAG_TEXT,
    ),
    WithJsonSchema({"type": "string", "pattern": "^[^A-Z*?]*$", "minLength": 1, "maxLength": limits.LF_TAG_TEXT}),
]
TableName = Annotated[
    str,
    shape(
        GLUE_NAME,
        rf"^{_STORED}$",
        "must be lower-case letters, digits, _ - . or blanks inside (Glue folds names to lower case)",
        limits.GLUE_NAME,
    ),
    WithJsonSchema({"type": "string", "pattern": "^[^A-Z*?$]+$", "maxLength": limits.GLUE_NAME}),
]
TablePattern = Annotated[
    str,
    shape(
        GLUE_NAME,
        rf"^[^{_NOT_STORED.replace('*', '')}]+$",
        "must be a table's name in which * stands for any signs, such as orders_*",
        limits.GLUE_NAME,
    ),
    WithJsonSchema({"type": "string", "pattern": "^[^A-Z?$]+$", "maxLength": limits.GLUE_NAME}),
]
# https://docs.aws.amazon.com/databrew/latest/dg/API_RecipeAction.html
BrewOperation = Annotated[
    str,
    shape(
        BREW,
        rf"^[A-Z_]{{1,{limits.BREW_OPERATION}}}$",
        "must be an operation of DataBrew, such as REMOVE_VALUES",
    ),
]
BrewParameter = Annotated[str, shape(BREW, r"^[A-Za-z0-9]+$", "must be letters and digits", limits.BREW_PARAMETER_KEY)]
BrewValue = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=limits.BREW_PARAMETER_VALUE)]
_TAG_SIGN = rf"[A-Za-z0-9{_OTHER} _.:/=+@-]"
_TAG_SENTENCE = "must be letters, digits, blanks or _ . : / = + - @"
ResourceTagKey = Annotated[
    str,
    shape(RESOURCE_TAG, rf"^{_TAG_SIGN}+$", _TAG_SENTENCE, limits.TAG_KEY),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": limits.TAG_KEY}),
]
ResourceTagValue = Annotated[
    str,
    shape(RESOURCE_TAG, rf"^{_TAG_SIGN}*$", _TAG_SENTENCE, limits.TAG_VALUE),
    WithJsonSchema({"type": "string", "maxLength": limits.TAG_VALUE}),
]
