"""Serves one request: who calls what, may he, does a fault fall on it, and who answers.

The service is read from the scope of the SigV4 signature. Services that are simulated here are served by its
handlers; all others by moto. Both ways in, HTTP and in process, come through `serve`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from reconciler.sandbox.core.calls import Call
from reconciler.sandbox.core.errors import AwsError, not_simulated
from reconciler.sandbox.core.faults import Fault
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.service_registry import beside_moto, operations
from reconciler.sandbox.core.trail import Event
from reconciler.sandbox.core.world import World
from reconciler.sandbox.http.messages import Scope, WireRequest, WireResponse
from reconciler.sandbox.http.protocol import cbor, parse, render
from reconciler.sandbox.http.protocol.models import model, snake
from reconciler.sandbox.http.protocol.validate import CODES, validate
from reconciler.sandbox.http.routes import operation_of
from reconciler.sandbox.services.cloudtrail.news import tell
from reconciler.sandbox.services.iam.authorize import authorize
from reconciler.sandbox.services.iam.aws_managed import provide
from reconciler.sandbox.services.iam.callers import anonymous, caller_of
from reconciler.sandbox.services.iam.foreign import authorize_foreign, told_fields
from reconciler.sandbox.services.iam.unique_ids import going, require_principals, show_by_id
from reconciler.sandbox.shared import catalogs_within, moto_bridge
from reconciler.sandbox.shared.event_quotas import require_within_quotas
from reconciler.sandbox.shared.moto_wording import reworded
from reconciler.sandbox.shared.templates import require_simulated

#: Unsigned requests are S3's: public objects and addresses that a browser opens.
_UNSIGNED = Scope("", "us-east-1", "s3")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}|aws-global")


def serve(world: World, wire: WireRequest) -> WireResponse:
    """The answer to a request. Never raises for what a caller sent; a bug of ours does raise."""
    scope = wire.scope() or _UNSIGNED
    if not _REGION.fullmatch(scope.region):
        error = AwsError("InvalidSignatureException", "Credential should be scoped to a valid region.", 403)
        return render.failure(scope.service, error, str(uuid4()))
    came = world.at(scope.region).lakeformation.writers.came()
    if world.settings.latency_ms:
        time.sleep(world.settings.latency_ms / 1000)
    began = time.perf_counter()
    with world.lock:
        world.clock.tick()
        world.wake()
        call = _Served(world, scope, wire, came)
        response = call.answer()
        world.changes.served(scope.service, call.operation, call.caller.account, call.params)
        event = Event(
            call.request_id,
            scope.region,
            scope.service,
            call.operation,
            world.now(),
            call.caller,
            call.params,
            call.error,
        )
        world.trail.append(event)
        tell(call.world, event)
        world.calls.append(
            Call(
                account=call.caller.account,
                region=scope.region,
                service=scope.service,
                operation=call.operation,
                status=response.status,
                error=call.error,
                principal=call.caller.principal,
                time=world.now().isoformat(),
                duration_ms=round((time.perf_counter() - began) * 1000, 3),
            )
        )
    for fault in call.faults:
        if fault.latency_ms:
            time.sleep(fault.latency_ms / 1000)
    return response


class _Served:
    """One request on its way through."""

    def __init__(self, world: World, scope: Scope, wire: WireRequest, came: int) -> None:
        self.world = world.at(scope.region)
        self.came = came
        self.scope = scope
        self.wire = wire
        self.caller: Caller = anonymous()
        self.operation = ""
        self.error = ""
        self.params: Mapping[str, Any] = {}
        self.faults: list[Fault] = []
        self.request_id = str(uuid4())

    def answer(self) -> WireResponse:
        is_cbor = cbor.is_spoken(self.wire) and bool(operations(self.scope.service))
        try:
            if is_cbor:
                self.wire = cbor.as_json(self.wire)
            response = self._answer()
        except (AwsError, RecursionError) as raised:
            # Only what a caller sent is nested that deep: a body, a row filter.
            deep = AwsError(CODES.get(self.scope.service, "ValidationException"), "The request is nested too deep.")
            error = raised if isinstance(raised, AwsError) else deep
            self.error = error.code
            response = render.failure(self.scope.service, error, self.request_id)
        if is_cbor and response.body:
            response = cbor.from_json(response)
        reset = next((fault.reset for fault in self.faults if fault.reset), None)
        return replace(response, lost=reset) if reset else response

    def _answer(self) -> WireResponse:
        service = self.scope.service
        known = model(service)
        if known is None:
            raise AwsError("NotImplemented", f"sandbox: there is no service {service}")
        ours = operations(service)
        if self.scope.key_id:
            self.caller = caller_of(self.world, self.scope.key_id)
        mixed = beside_moto(service)
        by_model = ours and not mixed
        self.operation = parse.operation_name(service, self.wire) if by_model else operation_of(service, self.wire)
        self.faults = self.world.faults.striking(service, self.operation, self.caller.account, self.scope.region)
        if any(fault.reset == "before" for fault in self.faults):
            return WireResponse(503, {}, b"")
        failing = next((fault for fault in self.faults if fault.error and not fault.entries), None)
        if failing:
            raise AwsError(failing.error or "", failing.message, failing.status)
        if by_model or (mixed and snake(self.operation) in ours):
            return self._ours()
        if self.operation and self.operation not in known.operation_names:
            raise AwsError("InvalidAction", f"Could not find operation {self.operation}")
        self.params = told_fields(service, self.wire)
        authorize_foreign(self.world, self.caller, self.scope, self.operation, self.wire)
        if service == "iam":
            provide(self.caller.account, self.wire)
        if service == "events":
            require_within_quotas(self.operation, self.wire, self.caller.account, self.scope.region)
        if service == "cloudformation":
            require_simulated(self.operation, self.wire)
        require_principals(service, self.operation, self.params)
        gone = going(self.operation, self.caller.account, self.params) if service == "iam" else {}
        try:
            response = reworded(service, self.wire, moto_bridge.forward(self.wire, self.caller.account))
        except NotImplementedError as error:
            raise not_simulated(service, self.operation) from error
        self.error = moto_bridge.error_code(response)
        if not self.error and show_by_id(gone):
            self.world.changes.add("*")
        return response

    def _ours(self) -> WireResponse:
        service, name = self.scope.service, self.operation
        declared = operations(service).get(snake(name))
        if declared is None:
            raise not_simulated(service, name)
        params = self.params = parse.parameters(service, name, self.wire)
        validate(service, name, params)
        if unheeded := declared.unheeded(params):
            raise not_simulated(service, name, f"with {unheeded}")
        entry_faults = {k: v for fault in self.faults for k, v in fault.entry_errors().items()}
        given = catalogs_within.folded(service, name, params)
        request = Request(self.world, self.caller, self.scope.region, service, name, given, entry_faults)
        authorize(request, declared)
        if service in ("glue", "lakeformation"):
            self.world.lakeformation.writers.served(self.caller.account, name, self.came)
        answer = catalogs_within.told(service, params, declared.handler(request))
        return render.answer(service, name, answer, self.request_id)
