"""What Athena keeps in one region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World
    from reconciler.sandbox.services.athena.answer import Answer

Record = dict[str, Any]


@dataclass(slots=True)
class Execution:
    """One query: what GetQueryExecution tells, and the rows if it succeeded."""

    record: Record
    answer: Answer | None = None


@dataclass(slots=True)
class Account:
    """What one account keeps; the oldest execution first."""

    workgroups: dict[str, Record] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)


class Athena:
    """State of all accounts in one region; every account has the workgroup `primary`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._accounts: dict[str, Account] = {}

    def account(self, account: str) -> Account:
        """What an account keeps."""
        if account not in self._accounts:
            primary = {
                "Name": "primary",
                "State": "ENABLED",
                "Configuration": {
                    "ResultConfiguration": {},
                    "EnforceWorkGroupConfiguration": False,
                    "PublishCloudWatchMetricsEnabled": False,
                    "RequesterPaysEnabled": False,
                    "EngineVersion": {**ENGINE},
                },
                "CreationTime": self.world.now(),
            }
            self._accounts[account] = Account({"primary": primary})
        return self._accounts[account]


ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
