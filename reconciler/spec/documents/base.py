"""What all documents share: strictness, names as they are written in YAML, and the place of each field.

Annotations of documents are no text (`from __future__ import annotations`): pydantic would compile each at every start.
"""

from typing import Annotated, ClassVar, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel

import reconciler.spec.documents.unplugged  # noqa: F401 -- before the first model
from reconciler.model.origin import Origin
from reconciler.spec.yaml.source_map import NOWHERE, Key, SourceMap

T = TypeVar("T")

API_VERSION = "meshform/v1"

# A sequence in YAML, a tuple here. Strictness is for what is in it: YAML has no tuples.
Many = Annotated[tuple[T, ...], Field(strict=False)]


Mode = Literal["managed", "external"]


class Part(BaseModel):
    """A piece of a document: frozen, strict, and nothing in it that is not declared.

    Attributes are snake_case, fields in YAML camelCase. Python code may construct by attribute name.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        # Once somebody reads one: no mesh has documents of every kind, and a piece is built within its document.
        defer_build=True,
    )

    def mode_of(self, kind: str) -> Mode:
        """Whether Meshform makes what belongs to this of a kind of resource, or finds it there and uses it as it is."""
        is_external = getattr(self, "resources", "managed") == "external" or kind in getattr(self, "external", ())
        return "external" if is_external else "managed"


_MANY = 10_000
"""So many pieces are remembered: where more differ, few are the same."""


class Shared(Part):
    """A piece that is written word for word in many places: while a mesh is read, equal ones become one object."""

    @model_validator(mode="wrap")
    @classmethod
    def _known(cls, value: object, new: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        known, words = info.context, _words(value) if info.context is not None else None
        if known is None or words is None:
            return new(value)
        same: Self | None = known.get((cls, words))
        if same is None:
            same = new(value)
            if len(known) < _MANY:
                known[cls, words] = same
        return same


_TEXT = {str}


def _words(value: object) -> tuple[object, ...] | None:
    """A mapping of text, and of mappings of text, as it is written; None for anything else."""
    if not isinstance(value, dict):
        return None
    if {*map(type, value.values())} == _TEXT:
        return (*value, *value.values())
    words = [field if type(field) is str else _words(field) for field in value.values()]
    return None if None in words else (*value, *words)


class Document(Part):
    """One file of the mesh. Subclasses fix `kind` and add fields."""

    # Folder under the mesh where documents of this kind are kept, as people are told of it.
    folder: ClassVar[str]
    # The folders in which a document of this kind may lie; whoever owns one reviews it. `{domain}` is what the field
    # `domain` says; `*` at the end: not in a folder below it. "": governance's, all but domains/ and consumers/.
    homes: ClassVar[tuple[str, ...]] = ("",)

    api_version: Literal["meshform/v1"] = Field("meshform/v1", description="Version of the mesh language.")
    kind: str
    name: str

    # A default would be copied for each document, as deep as it is.
    _source_map: SourceMap = PrivateAttr(default_factory=lambda: NOWHERE)

    @property
    def origin(self) -> Origin:
        """Where the document begins."""
        return self.source_map.origin

    @property
    def source_map(self) -> SourceMap:
        """The tree of the places of its fields."""
        # Where pydantic keeps it: by its name it would take thirty times as long, and compile asks often.
        private = self.__pydantic_private__
        assert private is not None
        place: SourceMap = private["_source_map"]
        return place

    def at(self, *path: Key) -> Origin:
        """Where a field was written, by its names in YAML: `at("tables", 0, "columns", 3, "tags")`.

        Walks up to the nearest field that was written.
        """
        return self.source_map.at(*path)

    def with_source_map(self, place: SourceMap) -> Self:
        """This document, knowing its places. For the reader of documents only, before anybody else holds it."""
        self._source_map = place
        return self
