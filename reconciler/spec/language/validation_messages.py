"""What pydantic found wrong in a document, told in sentences for people who do not know pydantic."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reconciler.model.finding import Finding
from reconciler.spec.documents.shapes import PATTERNS
from reconciler.spec.language.fields import fields, model_at
from reconciler.spec.rule import Rule
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.source_map import SourceMap

MISSING = Rule(
    "missing-field",
    "error",
    "Every field that a document needs is there.",
    "docs/mesh-language.md lists the fields of each kind and says which of them are needed.",
)
UNKNOWN = Rule(
    "unknown-field",
    "error",
    "A document holds no field that its kind does not know.",
    "A misspelt field would silently do nothing. Correct the name, move the field to where it belongs, or delete it.",
)
TYPE = Rule(
    "wrong-type",
    "error",
    "Every value is of the type that its field takes.",
    "Text that looks like a number goes in quotes; lists are lines that begin with `- `; yes and no are not booleans.",
)
VALUE = Rule(
    "wrong-value", "error", "Every value is one that its field takes.", "The message says which values there are."
)
LONG = Rule(
    "too-long",
    "error",
    "Every text is as short as the API that it reaches wants it.",
    "The comment of a column has at most 255 characters, the description of a table or product 2,048, a name 255. "
    "Shorten it; what is longer belongs into a page that it can link to.",
)

MAX_FINDINGS = 100

# pydantic's type of error -> what the field must be
_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list (lines that begin with `- `)",
    "dict_type": "a mapping (`key: value`)",
    "mapping_type": "a mapping (`key: value`)",
    "model_type": "a mapping of fields (`field: value`)",
}


def findings(model: type[BaseModel], error: ValidationError, place: SourceMap) -> list[Finding]:
    """One finding for each thing that is wrong, at its place; at most 100, since nobody reads more of one file."""
    details = error.errors(include_url=False)[:MAX_FINDINGS]
    return [_finding(model, detail, place) for detail in details if not _follows(detail, details)]


def wrong_value(model: type[BaseModel], field: str, value: object) -> str | None:
    """What is wrong with the value of one field, by its name in YAML, whatever the others are; None: nothing."""
    try:
        model.model_validate({field: value}, by_alias=True, by_name=False)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if detail["loc"][:1] == (field,):
                return _told(model, detail, detail["loc"])[1]
    return None


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because pydantic does not count entries that are wrong."""
    path = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in details
    )


def _finding(model: type[BaseModel], detail: ErrorDetails, place: SourceMap) -> Finding:
    path = detail["loc"]
    rule, message = _told(model, detail, path)
    return rule.broken(place.at(*(key for key in path if key != "[key]")), message)


def _told(model: type[BaseModel], detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[Rule, str]:
    name, given, about = _label(path), detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            owner = model_at(model, path[:-1])
            described = fields(owner)[str(path[-1])].description if owner else None
            return MISSING, f"{name} is missing{f': {described}' if described else ''}"
        case "extra_forbidden":
            owner = model_at(model, path[:-1])
            known = tuple(fields(owner)) if owner else ()
            return UNKNOWN, f"there is no field {name} here{_instead(str(path[-1]), known)}"
        case _ if given is None:
            return TYPE, f"{name} has no value; give it one or leave the field out"
        case "literal_error":
            allowed = str(about["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            if len(allowed) == 1:
                return VALUE, f"{name} must be {allowed[0]}"
            hint = did_you_mean(given, allowed) if isinstance(given, str) else ""
            return VALUE, f"{name} must be one of {', '.join(allowed)}{hint}"
        case "string_pattern_mismatch":
            rule, sentence = PATTERNS[str(about["pattern"])]
            return rule, f"{name} {sentence}{_not(given)}"
        case "day":
            return VALUE, f"{name} {detail['msg']}"
        case "too_short":
            return VALUE, f"{name} must have at least one entry"
        case "string_too_long" if about["max_length"] > 1 and isinstance(given, str):
            return LONG, f"{name} has {len(given):,} characters; AWS takes at most {about['max_length']:,}"
        case "string_too_short" | "string_too_long":
            return VALUE, f"{name} must be one sign"
        case "greater_than_equal":
            return VALUE, f"{name} must be at least {about['ge']}"
        case "less_than_equal":
            return VALUE, f"{name} must be at most {about['le']}"
        case kind if kind in _TYPES:
            return TYPE, f"{name} must be {_TYPES[kind]}{_hint(kind, given)}"
        case _:
            return VALUE, f"{name}: {detail['msg']}"


def _label(path: tuple[str | int, ...]) -> str:
    """What is spoken of: a field, an entry of a list, a key of a mapping."""
    match path:
        case (*_, key, "[key]"):
            return f"the key `{key}`"
        case (*_, str(field), int(index)):
            return f"entry {index + 1} of `{field}`"
        case _:
            return f"`{path[-1]}`"


def _instead(word: str, known: tuple[str, ...]) -> str:
    near = did_you_mean(word, known)
    return near or (f"; there are {', '.join(known)}" if known else "")


def _not(given: object) -> str:
    """What was written instead, where that is short enough to be seen."""
    return f", not {given}" if isinstance(given, str) and given.strip() and len(given) <= 40 else ""


def _hint(kind: str, given: object) -> str:
    if kind == "string_type" and isinstance(given, bool | int | float):
        return "; put it in quotes"
    if kind in ("int_type", "float_type") and isinstance(given, str):
        return ", without quotes" if given.replace(".", "", 1).isdigit() else ""
    if kind == "bool_type" and given in ("yes", "no", "on", "off"):
        return "; YAML 1.2 takes yes and no for text"
    if kind == "tuple_type" and isinstance(given, str):
        return f"; write [{given}] for a list of one" if len(given) <= 60 else ""
    return ""
