"""Forms of inputs: how bytes become parts and trees that can be changed, and bytes again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

import yaml

Form = Literal["yaml", "json", "lines", "folder", "text", "bytes"]
"""`lines`: a JSON object a line. `folder`: files of YAML, each below a line `-- path`."""

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PART = "-- "


class _Plain(yaml.CSafeDumper):
    """Writes a value each time that it stands somewhere: aliases are refused by our readers, and not what is tried."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def files_of(data: bytes) -> dict[str, bytes]:
    """The files of a folder in one text."""
    found: dict[str, list[bytes]] = {}
    lines: list[bytes] = []
    for line in data.split(b"\n"):
        if line.startswith(_PART.encode()):
            lines = found.setdefault(line[len(_PART) :].decode("utf-8", "replace"), [])
        else:
            lines.append(line)
    return {path: b"\n".join(each) for path, each in found.items()}


def folder_of(files: dict[str, bytes]) -> bytes:
    """A folder as one text."""
    return b"\n".join(f"{_PART}{path}\n".encode() + content for path, content in files.items())


def tree_of(data: bytes, form: Form) -> Any:
    """What bytes say, as plain data that can be changed. Raises ValueError where they say nothing."""
    try:
        match form:
            case "yaml":
                return yaml.load(data, Loader=Loader)
            case "json":
                return json.loads(data)
            case "lines":
                return [json.loads(line) for line in data.splitlines()]
            case "folder":
                return {path: yaml.load(content, Loader=Loader) for path, content in files_of(data).items()}
            case _:
                raise ValueError(form)
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        raise ValueError(str(error)) from error


def bytes_of(tree: Any, form: Form) -> bytes:
    """Plain data as bytes. Raises ValueError for what cannot be written."""
    try:
        match form:
            case "yaml":
                return yaml_text(tree).encode()
            case "folder":
                items = tree.items() if isinstance(tree, dict) else ()
                return folder_of({str(path).replace("\n", " "): yaml_text(each).encode() for path, each in items})
            case "lines":
                return "\n".join(map(_json, tree if isinstance(tree, Sequence) else [tree])).encode()
            case _:
                return _json(tree).encode()
    except (yaml.YAMLError, RecursionError, TypeError, UnicodeError) as error:
        raise ValueError(str(error)) from error


def _json(tree: Any) -> str:
    # Half a sign is valid JSON when it is escaped.
    return json.dumps(tree, ensure_ascii=not _is_text(tree), default=str)


def _is_text(tree: Any) -> bool:
    try:
        repr(tree).encode()
    except UnicodeEncodeError:
        return False
    return "\\ud" not in repr(tree)


def yaml_text(tree: Any) -> str:
    """Plain data as YAML."""
    text: str = yaml.dump(tree, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)
    return text
