"""The control endpoints under `/_sandbox/`: call log, reset, faults, endings of runs."""

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
    GET    endings        how runs of Glue jobs are to end
    POST   endings        say so: a list of objects with `endings.Ending`'s fields
    DELETE endings        leave it to the sandbox again: they fail
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
            case "GET", "endings":
                return _json(200, world.endings.as_json())
            case "DELETE", "endings":
                world.endings.clear()
            case "POST", "faults" | "endings" as what:
                try:
                    given = json.loads(wire.body)
                    target = world.faults if what == "faults" else world.endings
                    target.add(given if isinstance(given, list) else [given])
                except (ValueError, TypeError, RecursionError) as error:
                    return _json(400, {"error": str(error)})
            case _:
                return _json(404, {"error": f"{wire.method} {wire.path} is no control endpoint"})
    return _json(200, {})


def _json(status: int, value: Any) -> WireResponse:
    return WireResponse(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
