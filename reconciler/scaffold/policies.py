"""The policies to start with: rules that most meshes have, made from a few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from reconciler.scaffold.template import filled
from reconciler.spec.yaml.flow import flow

_OF_LABEL = "label-in-named-accounts"
STARTING = (
    "columns-are-classified",
    "consumer-owners-are-teams",
    "consumers-only-read",
    "product-owners-are-teams",
    "purposes-are-said",
    _OF_LABEL,
)
"""Their names; the last one goes by a label, and is called by it."""


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """What they have to be told: who answers for them, and in which accounts (names) a label may be read."""

    owner: str
    label: str
    accounts: tuple[str, ...]
    outside: str
    """An account, or any other name, for the example of a breach."""


def starting_policy(name: str, words: PolicyWords) -> tuple[str, str]:
    """The path of a policy in the mesh, and its text. The label has no quotes and backslashes (`is_plain`)."""
    label_name = re.sub(r"[^a-z0-9]+", "-", words.label.lower()).strip("-")
    template = (files("reconciler.scaffold") / "files" / "mesh" / "policies" / f"{name}.yaml").read_text("utf-8")
    said = {
        "owner": words.owner,
        "label": words.label,
        "label_value": flow(words.label),
        "label_name": label_name,
        "accounts": ", ".join(f"'{each}'" for each in words.accounts),
        "inside": flow(words.accounts[0]),
        "outside": words.outside,
        "outside_value": flow(words.outside),
    }
    text = filled(template, said)
    return f"policies/{name.replace('label', label_name) if name == _OF_LABEL else name}.yaml", text


def is_plain(label: str) -> bool:
    """Whether a label can stand in the texts of a policy as it is."""
    return re.fullmatch(r"[A-Za-z][\w -]*", label) is not None
