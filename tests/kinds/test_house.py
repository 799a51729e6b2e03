"""The house of the kinds: nobody outside knows one by its name, and no two kinds have one sort of spec."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import reconciler
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from tests.estate import mesh_of
from tests.kinds.full import full

ROOT = Path(reconciler.__file__).parent
OUTSIDE = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in ("kinds", "sandbox", "spec")]


def _names(tree: ast.AST) -> Iterator[ast.AST]:
    """Kinds that code tells apart by name: a name that is compared, matched or looked up, or one that is no word."""
    compared: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.Compare() if re.search(r"\bkind\b", ast.unparse(node)):
                compared.append(node)
            case ast.MatchValue(value=value):
                compared.append(value)
            case ast.Constant(value=str(text)) if text in registry() and "-" in text:
                yield node
            case ast.Attribute(value=ast.Name(id="addresses"), attr=attr) if attr.isupper():
                yield node
    for each in compared:
        yield from (node for node in ast.walk(each) if isinstance(node, ast.Constant) and node.value in registry())


def test_no_kind_is_known_by_name_outside_of_the_kinds() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in OUTSIDE
        for node in _names(ast.parse(path.read_text()))
    }
    assert found == set(), "ask the kind, or go by the type of the spec"


def test_the_check_finds_names() -> None:
    code = """
if change.address.kind == 'table': ...
x = {'iam-role': 1}
y = addresses.TABLE
match k:
    case 'grant': ...
"""
    assert len(list(_names(ast.parse(code)))) == 4


def test_no_two_kinds_have_one_type_of_spec() -> None:
    types = [kind.spec_type() for kind in registry().values()]
    assert len(types) == len(set(types))


def test_the_type_of_a_spec_tells_the_kind() -> None:
    kinds: dict[type, set[str]] = {}
    for resource in compile_mesh(mesh_of(full()), registry()).values():
        kinds.setdefault(type(resource.spec), set()).add(resource.address.kind)
    assert {spec: names for spec, names in kinds.items() if len(names) > 1} == {}
    wanted = compile_mesh(mesh_of(full()), registry())
    for spec, (name,) in kinds.items():
        assert wanted.of(spec) == wanted.of_kind(name)
