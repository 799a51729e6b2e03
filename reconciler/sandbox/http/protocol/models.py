"""botocore's service models, loaded once, found by signing name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

#: Signing names that are not the name of botocore's model.
_ALIASES = {
    "tagging": "resourcegroupstaggingapi",
    "eventbridge": "events",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "sso": "sso-admin",
}


#: Where AWS was recorded to answer with another status than its model says.
_RECORDED = {("lakeformation", "AccessDeniedException"): 400}


@cache
def _loader() -> Loader:
    return Loader()


@cache
def model(service: str) -> ServiceModel | None:
    """The model of a service by its signing name, or None if botocore has none."""
    name = _ALIASES.get(service, service)
    loader = _loader()
    if name not in loader.list_available_services("service-2"):
        return None
    return ServiceModel(loader.load_service_model(name, "service-2"), service_name=name)


def governed_model(service: str) -> ServiceModel:
    """The model of a service that the sandbox serves itself."""
    found = model(service)
    if found is None:
        raise LookupError(f"botocore has no model of {service}")
    return found


@cache
def operation_model(service: str, operation: str) -> OperationModel:
    """The model of one operation."""
    return governed_model(service).operation_model(operation)


@cache
def snake(operation: str) -> str:
    """The name that boto3 gives to an operation: CreateLFTag is create_lf_tag."""
    return str(xform_name(operation))


@cache
def error_status(service: str, code: str) -> int | None:
    """The HTTP status of an error: as recorded, else as the model gives it, if it gives one."""
    if (service, code) in _RECORDED:
        return _RECORDED[service, code]
    found = model(service)
    if found is None:
        return None
    shapes: list[Any] = list(found.error_shapes)
    shape = next((s for s in shapes if s.error_code == code), None)
    status = shape.metadata.get("error", {}).get("httpStatusCode") if shape else None
    return int(status) if status else None


@cache
def paths(service: str) -> dict[tuple[str, str], str]:
    """Operation by method and path, for models whose paths have no labels (Lake Formation, RAM)."""
    found = governed_model(service)
    routes = ((found.operation_model(name).http, name) for name in found.operation_names)
    return {(http["method"], re.sub(r"\?.*", "", http["requestUri"])): name for http, name in routes}


@cache
def uri_pattern(service: str, operation: str) -> re.Pattern[str]:
    """The paths of an operation of a REST service; what stands in them is in groups of its name."""
    uri = str(operation_model(service, operation).http["requestUri"]).partition("?")[0]
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(uri)))
