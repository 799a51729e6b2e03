"""The words of AWS's own models: names of fields, values of enumerations, operations and errors of services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel


def model_words(services: Iterable[str]) -> frozenset[str]:
    """Each such word as it is written, and each operation as `service.Operation`; of a service without a model none."""
    return frozenset(word for service in set(services) for word in _words(service))


@cache
def _words(service: str) -> frozenset[str]:
    loader = Loader()
    if service not in loader.list_available_services("service-2"):
        return frozenset()
    return frozenset(_named(service, ServiceModel(loader.load_service_model(service, "service-2"), service)))


def _named(service: str, model: ServiceModel) -> Iterator[str]:
    for operation in model.operation_names:
        yield f"{service}.{operation}"
    for name in model.shape_names:
        shape = model.shape_for(name)
        if shape.type_name == "structure":
            yield from getattr(shape, "members", ())
        if shape.metadata.get("exception"):
            yield str(shape.metadata.get("error", {}).get("code", name))
            yield name
        yield from shape.metadata.get("enum", ())
