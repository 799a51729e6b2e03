"""The control endpoints under `/_sandbox/`: call log, reset, faults."""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox.wire import WireRequest, WireResponse
from reconciler.sandbox.world import World


def control(world: World, wire: WireRequest) -> WireResponse:
    """Serve one control request.

    ====================  ==========================================================
    GET    calls          every call served, oldest first
    DELETE calls          empty the log
    POST   reset          empty the world
    GET    faults         the faults in force, with how often each struck
    POST   faults         add faults: a list of objects with `faults.Fault`'s fields
    DELETE faults         remove all faults
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
            case "POST", "faults":
                try:
                    given = json.loads(wire.body)
                    world.faults.add(given if isinstance(given, list) else [given])
                except (ValueError, TypeError, RecursionError) as error:
                    return _json(400, {"error": str(error)})
            case _:
                return _json(404, {"error": f"{wire.method} {wire.path} is no control endpoint"})
    return _json(200, {})


def _json(status: int, value: Any) -> WireResponse:
    return WireResponse(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
