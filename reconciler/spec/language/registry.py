"""The kinds of document there are: every file in documents/ that defines one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import get_args

from reconciler.spec import documents
from reconciler.spec.documents.base import Document


@cache
def document_types() -> dict[str, type[Document]]:
    """The class of each kind of document, by the word after `kind:`, sorted."""
    for info in pkgutil.iter_modules(documents.__path__):
        importlib.import_module(f"{documents.__name__}.{info.name}")
    return dict(sorted((kind_of(each), each) for each in Document.__subclasses__()))


def kind_of(document: type[Document]) -> str:
    """The word after `kind:` in documents of a class."""
    return str(get_args(document.model_fields["kind"].annotation)[0])
