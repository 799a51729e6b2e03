"""What a state of Terraform tells an import: names, and which of the things it still owns, so that no two fight.

Both forms are read: a state file (`terraform state pull`) and `terraform show -json`.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import MeshformError
from reconciler.importing.naming import slug
from reconciler.model.lakeformation import account_of
from reconciler.model.plain_json import MISSHAPEN, plain_json

_NAMED = {
    "aws_glue_catalog_database": ("database", "name"),
    "aws_iam_role": ("principal", "arn"),
    "aws_iam_user": ("principal", "arn"),
    "aws_lakeformation_resource": ("location", "arn"),
}
"""Types whose name in Terraform says what people call the thing: the sort of name, and what it is called in AWS."""
_SAY_NOTHING = ("this", "main", "default")
"""Names of resources that leave it to their module to say what they are."""
_MODULE = re.compile(r'module\.([^.\[]+)(?:\["((?:[^"\\]|\\.)*)"\])?')
_Found = tuple[str, str, Mapping[str, Any], str]
_OWNED = ("aws_lakeformation_", "aws_glue_catalog_", "aws_ram_")


@dataclass(frozen=True, slots=True)
class TerraformState:
    """`names` as a file of names says them; `owned` the addresses of what Meshform would keep as well."""

    names: Mapping[str, str]
    owned: tuple[str, ...]
    origins: Mapping[str, str] = field(default_factory=dict)
    """By what a file of names calls a thing its address there."""

    @property
    def handing_over(self) -> str:
        """The blocks that make Terraform forget what it owns without destroying it.

        https://developer.hashicorp.com/terraform/language/block/removed
        """
        whole = dict.fromkeys(_without_index(address) for address in self.owned)
        return "\n".join(
            f"removed {{\n  from = {each}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n" for each in whole
        )


def terraform_state(text: str, file: str) -> TerraformState:
    """What a state says. Raises MeshformError for what is none."""
    try:
        return _state(list(_resources(plain_json(text))))
    except MISSHAPEN as error:
        raise MeshformError(
            f"{file} is no state of Terraform: take `terraform show -json > FILE`, or `terraform state pull > FILE`."
        ) from error


def _state(found: Sequence[_Found]) -> TerraformState:
    names: dict[str, str] = {}
    origins: dict[str, str] = {}
    for kind, name, values, address in found:
        if (what := _called(kind, values)) is not None:
            group = module_of(address)
            hint = group if name in _SAY_NOTHING else name
            origins.setdefault(what, address)
            if hint is not None:
                names.setdefault(what, slug(hint))
    owned = sorted(address for kind, _, _, address in found if kind.startswith(_OWNED))
    return TerraformState({**_grouped(found), **names}, tuple(owned), origins)


def module_of(address: str) -> str | None:
    """What a module groups: the key of the innermost one that has a name for one, else the module's own name."""
    steps = _MODULE.findall(address)
    keys = [key for _, key in steps if key]
    return keys[-1] if keys else (steps[-1][0] if steps else None)


def _grouped(found: Iterable[_Found]) -> dict[str, str]:
    """Consumers of roles and users, and products of tables, where modules tell some of an account or database apart."""
    people: dict[str, dict[str, str]] = {}
    tables: dict[str, dict[str, str]] = {}
    for kind, _, values, address in found:
        group, called = module_of(address), values.get("arn") or values.get("name")
        if group is None or not isinstance(called, str):
            continue
        if kind in ("aws_iam_role", "aws_iam_user"):
            people.setdefault(account_of(called) or "", {})[f"consumer {called}"] = slug(group)
        elif kind == "aws_glue_catalog_table":
            database = str(values.get("database_name", ""))
            what = f"table {database}.{values.get('name')}"
            tables.setdefault(database, {})[what] = slug(f"{database}-{group}")
    several = (names for names in (*people.values(), *tables.values()) if len(set(names.values())) > 1)
    return {what: name for names in several for what, name in names.items()}


def _called(kind: str, values: Mapping[str, Any]) -> str | None:
    """How a file of names speaks of a resource; None for one that has no name there."""
    sort, field = _NAMED.get(kind, ("", ""))
    called = values.get(field) if field else None
    if not isinstance(called, str):
        return None
    return f"{sort} {called.partition(':::')[2] if sort == 'location' else called}"


def _resources(document: Mapping[str, Any]) -> Iterator[_Found]:
    """Type, name, attributes and address of everything that is managed."""
    if "values" in document:
        yield from _shown(document["values"]["root_module"])
        return
    for each in document["resources"]:
        if each.get("mode") == "managed":
            module = f"{each['module']}." if each.get("module") else ""
            for instance in each["instances"]:
                index = instance.get("index_key")
                key = "" if index is None else f"[{json.dumps(index)}]"
                address = f"{module}{each['type']}.{each['name']}{key}"
                yield each["type"], each["name"], instance.get("attributes") or {}, address


def _shown(module: Mapping[str, Any]) -> Iterator[_Found]:
    for each in module.get("resources", ()):
        if each.get("mode") == "managed":
            yield each["type"], each["name"], each.get("values") or {}, each["address"]
    for inner in module.get("child_modules", ()):
        yield from _shown(inner)


def _without_index(address: str) -> str:
    """A `removed` block is about all instances of a resource, in all instances of its module."""
    kept, depth, quoted = [], 0, False
    for sign in address:
        quoted = quoted != (sign == '"') if depth else False
        depth += (sign == "[") - (sign == "]" and not quoted)
        if depth == 0 and sign != "]":
            kept.append(sign)
    return "".join(kept)
