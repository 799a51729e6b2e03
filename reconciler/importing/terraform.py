"""What a state of Terraform tells an import: names, and which of the things it still owns, so that no two fight.

Both forms are read: a state file (`terraform state pull`) and `terraform show -json`.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.errors import MeshformError
from reconciler.importing.naming import slug

_NAMED = {
    "aws_glue_catalog_database": ("database", "name"),
    "aws_iam_role": ("principal", "arn"),
    "aws_iam_user": ("principal", "arn"),
    "aws_lakeformation_resource": ("location", "arn"),
}
"""Types whose name in Terraform says what people call the thing: the sort of name, and what it is called in AWS."""
_OWNED = ("aws_lakeformation_", "aws_glue_catalog_", "aws_ram_")


@dataclass(frozen=True, slots=True)
class TerraformState:
    """`names` as a file of names says them; `owned` the addresses of what Meshform would keep as well."""

    names: Mapping[str, str]
    owned: tuple[str, ...]

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
        document = json.loads(text)
        found = list(_resources(document))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MeshformError(
            f"{file} is no state of Terraform: take `terraform show -json > FILE`, or `terraform state pull > FILE`."
        ) from error
    names: dict[str, str] = {}
    for kind, name, values, _ in found:
        sort, field = _NAMED.get(kind, ("", ""))
        called = values.get(field) if field else None
        if isinstance(called, str) and name not in ("this", "main", "default"):
            names.setdefault(f"{sort} {called.partition(':::')[2] if sort == 'location' else called}", slug(name))
    owned = sorted(address for kind, _, _, address in found if kind.startswith(_OWNED))
    return TerraformState(names, tuple(owned))


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
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


def _shown(module: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
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
