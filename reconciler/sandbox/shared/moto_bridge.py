"""The part of AWS that moto simulates: everything that is not a service of ours."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.iam.models import SERVICE_NAME_CONVERSION

from reconciler.sandbox.http.messages import WireRequest, WireResponse
from reconciler.sandbox.shared.eventbridge import mend

#: moto makes up the name of this service's linked role; AWS's is AWSServiceRoleForLakeFormationDataAccess.
SERVICE_NAME_CONVERSION["lakeformation"] = "LakeFormationDataAccess"


def error_code(response: WireResponse) -> str:
    """The AWS error code of an answer of moto, empty if it is no error or tells none."""
    if response.status < 400:
        return ""
    found = re.search(rb"<Code>([^<]+)</Code>|\"__type\":\s*\"([^\"]+)\"", response.body)
    return (found[1] or found[2]).decode().rpartition("#")[2] if found else ""


@cache
def _application() -> Any:
    from moto.iam.access_control import PermissionResult
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from moto.s3.models import FakeBucket

    # Bucket policies are decided before a request comes here; moto would decide again, without their conditions.
    FakeBucket.get_permission = lambda *_: PermissionResult.NEUTRAL

    def create(service: str) -> Any:
        made = create_backend_app(service)
        # In debug mode flask makes a class for each request. What moto raises is raised to us, as in that mode.
        made.debug, made.config["PROPAGATE_EXCEPTIONS"] = False, True
        return made

    application = DomainDispatcherApplication(create)
    # It lists the folder of moto's modules for every request, and need not.
    application.get_backend_for_host = lru_cache(maxsize=1024)(application.get_backend_for_host)
    return application


def forward(request: WireRequest, account: str) -> WireResponse:
    """moto's answer to a request, made in an account.

    moto takes the account from a header. The caller holds the world's lock: moto is not thread-safe.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        started.append((status, headers))
        return lambda _: None

    chunks: Iterable[bytes] = _application()(_environ(request, account), start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, headers = started[-1]
    return WireResponse(int(status.split(" ", 1)[0]), dict(headers), body)


def reset(seed: int) -> None:
    """Empty every backend of moto, start its chance again, and put right what it does wrong."""
    mend()
    from moto.core.base_backend import BackendDict
    from moto.core.model_instances import reset_model_data
    from moto.moto_api._internal import mock_random

    BackendDict.reset()
    reset_model_data()
    mock_random.seed(seed)


def _environ(request: WireRequest, account: str) -> dict[str, Any]:
    host, _, port = request.host.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # WSGI carries bytes as latin-1.
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if request.scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update({k: v for k, v in request.environ.items() if k in ("RAW_URI", "REQUEST_URI")})
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = _underscored(request, environ)
    environ["HTTP_HOST"] = request.host
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(len(request.body))
    environ["wsgi.input"] = io.BytesIO(request.body)
    return environ


def _underscored(request: WireRequest, environ: dict[str, Any]) -> dict[str, str]:
    """The headers whose names hold an underscore, which WSGI cannot tell from a hyphen (S3 metadata)."""
    names = {}
    for name, value in request.headers.items():
        if should_preserve_original_header_name(name):
            key = environ_key_for_header(name)
            names[key] = name
            environ[key] = value
    return names
