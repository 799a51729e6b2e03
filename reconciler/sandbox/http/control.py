"""The control endpoints under `/_sandbox/`: call log, reset, faults, outcomes of jobs, beliefs."""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox.core.world import World
from reconciler.sandbox.http.messages import WireRequest, WireResponse


def control(world: World, wire: WireRequest) -> WireResponse:
    """Serve one control request.

    ====================  ==========================================================
    GET    calls          every call served, oldest first
    DELETE calls          empty the log
    POST   reset          empty the world
    GET    faults         the faults in force, with how often each struck
    POST   faults         add faults: a list of objects with `faults.Fault`'s fields
    DELETE faults         remove all faults
    GET    job-outcomes   how runs of Glue jobs are to end
    POST   job-outcomes   say so: a list of objects with `job_outcomes.JobOutcome`'s fields
    DELETE job-outcomes   leave it to the sandbox again: they fail
    GET    beliefs        what nobody knows of AWS, and the answer in force
    POST   beliefs        choose answers: an object of ids and answers
    DELETE beliefs        the likeliest answers again
    ====================  ==========================================================
    """
    with world.lock:
        match wire.method, wire.path.removeprefix("/_sandbox/").rstrip("/"):
            case "GET", "calls":
                return _json(200, world.calls.as_json())
            case "DELETE", "calls":
                world.calls.clear()
            case "POST", "reset":
                world.reset()
            case "GET", "faults":
                return _json(200, world.faults.as_json())
            case "DELETE", "faults":
                world.faults.clear()
            case "GET", "job-outcomes":
                return _json(200, world.job_outcomes.as_json())
            case "DELETE", "job-outcomes":
                world.job_outcomes.clear()
            case "GET", "beliefs":
                return _json(200, world.beliefs.as_json())
            case "DELETE", "beliefs":
                world.beliefs.clear()
            case "POST", "beliefs":
                try:
                    world.beliefs.choose(dict(json.loads(wire.body)))
                except (ValueError, TypeError, RecursionError) as error:
                    return _json(400, {"error": str(error)})
            case "POST", "faults" | "job-outcomes" as what:
                try:
                    given = json.loads(wire.body)
                    target = world.faults if what == "faults" else world.job_outcomes
                    target.add(given if isinstance(given, list) else [given])
                except (ValueError, TypeError, RecursionError) as error:
                    return _json(400, {"error": str(error)})
            case _:
                return _json(404, {"error": f"{wire.method} {wire.path} is no control endpoint"})
        world.changes.add("*")
    return _json(200, {})


def _json(status: int, value: Any) -> WireResponse:
    return WireResponse(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
