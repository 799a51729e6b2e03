"""Values of LF-tags in expressions: one that no LFTag lists would never match, and nobody would notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.policy.cel import Mistake, mistake_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean

_TEXT = r"""(?:'([^'\\]*)'|"([^"\\]*)")"""
_LIST = rf"\[\s*(?:{_TEXT}\s*,?\s*)*\]"
_LABEL = r"""labels\[\s*['"](?P<key>[^'"]+)['"]\s*\]"""
_SENSITIVITY = r"\b(?:sensitivity|highest|automatic_up_to)\b"
_COMPARED = re.compile(rf"(?:{_LABEL}|(?P<own>{_SENSITIVITY}))\s*(?:==|!=|in)\s*(?P<said>{_TEXT}|{_LIST})")
_MEMBER = re.compile(rf"(?P<said>{_TEXT})\s+in\s+[\w.]*(?P<own>\b(?:sensitivities|before|columns_opened)\b)")
_OPENED = re.compile(rf"\bcolumns_opened\s*\[\s*(?P<said>{_TEXT})\s*\]")
_KEY = re.compile(rf"(?P<member>{_TEXT})\s+in\s+[\w.]*\blabels\b|{_LABEL}")


def unknown_values(expression: str, mesh: Mesh) -> Iterator[Mistake]:
    """Texts that are compared with an LF-tag, and that are no value of it; keys that no LFTag has."""
    own = mesh.settings.sensitivity_key
    built_in = {mesh.settings.tag_keys.product: mesh.products, mesh.settings.tag_keys.domain: mesh.domains}
    for pattern in (_COMPARED, _MEMBER, _OPENED):
        for found in pattern.finditer(expression):
            groups = found.groupdict()
            key = groups.get("key") or own
            tag = mesh.tags.get(key)
            known = tuple(tag.value_names) if tag else tuple(built_in.get(key, ()))
            if not known:
                continue
            for text in re.finditer(_TEXT, found["said"]):
                value = text[1] if text[1] is not None else text[2]
                if value and value not in known:
                    at = found.start("said") + text.start()
                    words = f"the LF-tag {key} has no value {value}{did_you_mean(value, known)}"
                    yield mistake_at(expression, at, words)
    keys = (*mesh.tags, *built_in)
    for found in _KEY.finditer(expression):
        key = found["key"] or found["member"].strip("'\"")
        if key not in keys:
            yield mistake_at(expression, found.start(), f"there is no LF-tag {key}{did_you_mean(key, keys)}")
