"""Address: what a resource is called, everywhere and for ever."""

from __future__ import annotations

import re
from typing import NamedTuple

# Both are tuples, because a large mesh hashes and sorts a million of them.


class Placement(NamedTuple):
    """One place that is read in bulk: an account (12 digits) and a region."""

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"

    @classmethod
    def parse(cls, text: str) -> Placement:
        """The placement that prints as `text`; ValueError when none does."""
        found = re.fullmatch(r"(?P<account>[^\s/]+)/(?P<region>\S+)", text)
        if found is None:
            raise ValueError(f"not an account and a region: {text!r}")
        return cls(found["account"], found["region"])


class Address(NamedTuple):
    """Identity of a resource. Sorts, prints and parses back: `glue-database 111111111111/eu-west-1 credit-card`.

    `kind` and the placement never contain a blank; `name` may.
    """

    kind: str
    placement: Placement
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.placement} {self.name}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that prints as `text`; ValueError when none does."""
        found = re.fullmatch(r"(?P<kind>\S+) (?P<account>[^\s/]+)/(?P<region>\S+) (?P<name>.+)", text, re.DOTALL)
        if found is None:
            raise ValueError(f"not an address: {text!r}")
        return cls(found["kind"], Placement(found["account"], found["region"]), found["name"])
