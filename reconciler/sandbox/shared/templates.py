"""CloudFormation is moto's; what it makes of our services would lie in moto's own catalog, where nobody sees it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from reconciler.sandbox.core.errors import not_simulated
from reconciler.sandbox.http.messages import WireRequest

_OURS = re.compile(r"AWS::(?:Athena|Glue|LakeFormation|RAM)::\w+")
_TYPE = re.compile(r"""\bType["']?\s*:\s*["']?(AWS::\w+::\w+)(?![\w:])""")


def require_simulated(operation: str, wire: WireRequest) -> None:
    """Raise NotImplemented for a template with resources of our services or of a type that moto would pass over, or one
    that cannot be looked into.
    """
    # It brings the models of half of AWS, a second's work, for who makes stacks only.
    from moto.cloudformation.parsing import get_model_map

    form = parse_qs(wire.body.decode(errors="replace"))
    if "TemplateURL" in form:
        raise not_simulated("cloudformation", operation, "with TemplateURL")
    body = form.get("TemplateBody", [""])[0]
    found = [*_OURS.findall(body), *(each for each in _TYPE.findall(body) if each not in get_model_map())]
    if found:
        raise not_simulated("cloudformation", operation, f"with {found[0]}")
