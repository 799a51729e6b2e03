"""Answers: the few things that a new mesh repository has to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reconciler.forge.protocol import ForgeName

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Answers:
    """The names and account ids that the first documents need. They are checked by the mesh language itself."""

    name: str
    organization: str
    region: str = "eu-west-1"
    central: str = "111111111111"
    producer: str = "222222222222"
    reader: str = "333333333333"
    domain: str = "sales"
    product: str = "orders"
    consumer: str = "analytics"
    governance: str = "data-governance"
    policies: bool = False
    forge: ForgeName = "github"

    def words(self, today: date, version: str) -> dict[str, object]:
        """What stands for what in the templates; the first subscription ends in a year."""
        fields = {field: str(getattr(self, field)) for field in self.__dataclass_fields__}
        terms = {"confidential": "366d", "restricted": "180d"} if self.policies else {}
        said = {
            f"term_{value}": f", term: {{longest: {terms[value]}}}" if value in terms else ""
            for value in ("confidential", "restricted")
        }
        return {**fields, **said, "expires": today + YEAR, "version": version}
