"""Types that data contracts name in the words of other databases, as Glue writes them."""

from __future__ import annotations

import re

from reconciler.spec.language.glue_types import glue_type

# Words of one meaning in the databases that contracts are written for. INT8 is none: 64 bits in one, 8 in another.
_WORDS = {
    **dict.fromkeys(("int64", "int 64", "bigserial", "i64"), "bigint"),
    **dict.fromkeys(("int32", "int4", "mediumint", "serial", "i32"), "int"),
    **dict.fromkeys(("int16", "int2", "i16"), "smallint"),
    **dict.fromkeys(
        (
            "text",
            "str",
            "nvarchar",
            "varchar",
            "char",
            "character varying",
            "character",
            "clob",
            "tinytext",
            "mediumtext",
            "longtext",
            "ntext",
            "uuid",
            "uniqueidentifier",
            "citext",
        ),
        "string",
    ),
    **dict.fromkeys(("float64", "float8", "double precision"), "double"),
    **dict.fromkeys(("float32", "float4", "real"), "float"),
    **dict.fromkeys(("bool", "bit"), "boolean"),
    **dict.fromkeys(
        ("datetime", "datetime2", "timestamp_ntz", "timestamp without time zone", "timestamp_ltz"), "timestamp"
    ),
    **dict.fromkeys(("timestamp_tz", "timestamptz", "timestamp with time zone", "datetimeoffset"), "timestamp"),
    **dict.fromkeys(("bytes", "bytea", "varbinary", "blob", "longblob", "image"), "binary"),
    "numeric": "decimal(38,9)",
    "bignumeric": "decimal(38,18)",
    "number": "decimal(38,0)",
}
_SIZED = re.compile(r"([a-z][a-z0-9_ ]*?)\s*\(\s*([0-9]+)\s*(?:,\s*([0-9]+)\s*)?\)")


def glue_type_of(physical: str) -> str | None:
    """A type of another database as Glue writes it; None for one of which we do not know what it holds."""
    text = " ".join(physical.lower().split())
    own = glue_type(text)
    if own is not None:
        return str(own)
    if text in _WORDS:
        return _WORDS[text]
    sized = _SIZED.fullmatch(text)
    if sized is None:
        return None
    word, first, second = sized.groups()
    if word in ("numeric", "number", "dec", "bignumeric"):
        return _known(f"decimal({first},{second or 0})")
    if word in ("nvarchar", "character varying", "varchar2", "nvarchar2"):
        return _known(f"varchar({first})") or "string"
    if word in ("character", "nchar"):
        return _known(f"char({first})") or "string"
    # The precision of a time, and the width in which MySQL shows a number, do not change the type.
    return (_WORDS.get(word) or _known(word)) if second is None and word != "bit" else None


def _known(text: str) -> str | None:
    found = glue_type(text)
    return str(found) if found is not None else None
