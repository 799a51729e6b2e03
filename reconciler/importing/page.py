"""Page: a document that is written: where, with what fields, and a comment that says what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import yaml

from reconciler.spec.documents.base import API_VERSION, Part
from reconciler.spec.language.fields import fields
from reconciler.spec.language.registry import document_types
from reconciler.spec.yaml.source import Source

Data: TypeAlias = "str | int | float | bool | Sequence[Data] | Mapping[str, Data] | None"
_WIDTH = 120
UNKNOWN_OWNER = "to be named"
"""Whoever answers for something, where nothing in AWS says who."""
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


# Without slots, so that its text is made once: an import reads its own pages several times.
@dataclass(frozen=True)
class Page:
    """`fields` in the order in which they are written; those that are None or empty are left out."""

    path: str
    fields: Mapping[str, Data]
    made_from: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind of document."""
        return str(self.fields["kind"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.fields["name"])

    @cached_property
    def text(self) -> str:
        """The file."""
        said = "".join(f"# {line}\n" for line in self.made_from)
        order = list(fields(document_types()[self.kind]))
        filled = {**_filled(self.fields), "apiVersion": API_VERSION}
        return said + yaml_text({name: filled[name] for name in sorted(filled, key=order.index)})

    def source(self, folder: str) -> Source:
        """The page as a file of a mesh."""
        return Source(self.path, self.text.encode(), folder)


def yaml_text(data: Data) -> str:
    """Plain data as it is written, without what is empty."""
    return str(
        yaml.dump(
            _plain(data), Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
        )
    )


def counted(count: int, noun: str) -> str:
    """So many of something: `1 table`, `2 tables`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _filled(fields: Mapping[str, Data]) -> dict[str, Data]:
    return {name: _plain(value) for name, value in fields.items() if value not in (None, [], {})}


def _plain(value: Data) -> Data:
    match value:
        case Mapping():
            return _filled(value)
        case list():
            return [_plain(each) for each in value]
        case _:
            return value


def fits(model: type[Part], fields: Mapping[str, Data]) -> bool:
    """Whether a part of a document takes these fields."""
    try:
        model.model_validate(fields, by_alias=True, by_name=False)
    except ValueError:
        return False
    return True
