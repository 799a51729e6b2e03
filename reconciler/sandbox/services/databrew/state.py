"""What DataBrew keeps of runs in one region; the rest is in moto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.databrew.models import databrew_backends

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.shared.job_run import JobRun

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World


class Runs:
    """The runs of every account's jobs, the newest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._runs: dict[tuple[str, str], list[JobRun]] = {}

    def of(self, account: str, job: str) -> list[JobRun]:
        """The runs of a job."""
        return self._runs.setdefault((account, job), [])

    def backend(self, account: str) -> Any:
        """moto's DataBrew of an account."""
        return databrew_backends[account][self._world.region]

    def job(self, account: str, name: str) -> Any:
        """moto's job of a name. ResourceNotFoundException."""
        found = self.backend(account).jobs.get(name)
        if found is None:
            raise AwsError("ResourceNotFoundException", f"Job {name} wasn't found.", 404)
        return found
