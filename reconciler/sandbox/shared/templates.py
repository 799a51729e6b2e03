"""CloudFormation is moto's; what it makes of our services would lie in moto's own catalog, where nobody sees it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from reconciler.sandbox.core.errors import not_simulated
from reconciler.sandbox.http.messages import WireRequest

_OURS = re.compile(r"AWS::(?:Athena|Glue|LakeFormation|RAM)::\w+")


def require_simulated(operation: str, wire: WireRequest) -> None:
    """Raise NotImplemented for a template with resources of our services, or one that cannot be looked into."""
    form = parse_qs(wire.body.decode(errors="replace"))
    if "TemplateURL" in form:
        raise not_simulated("cloudformation", operation, "with TemplateURL")
    found = _OURS.search(form.get("TemplateBody", [""])[0])
    if found:
        raise not_simulated("cloudformation", operation, f"with {found[0]}")
