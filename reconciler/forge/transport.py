"""Transport: connections that end in time, are tried again where that is safe, and go by the proxy of the machine."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.util import Retry, Timeout

from reconciler.log import LOG

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT = Timeout(connect=10.0, read=30.0)


def retries(backoff: float = 0.5, *, safe: bool = True) -> Retry:
    """Lost connections are tried again three times; answers are judged by patience.py, redirections by the client.

    What is not `safe` to repeat is sent again only where it did not leave: else nobody knows whether it was done.
    """
    methods = frozenset({"GET", "PATCH", "PUT", "DELETE", *(("POST",) if safe else ())})
    return Retry(
        total=3, redirect=False, status=0, allowed_methods=methods, backoff_factor=backoff, raise_on_status=False
    )


def pool(url: str) -> urllib3.PoolManager:
    """Connections to the host of an address, by HTTPS_PROXY or HTTP_PROXY unless NO_PROXY names the host."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = getproxies().get(parts.scheme)
    if proxy is None or host in LOOPBACK or proxy_bypass(host):
        return _Told()
    return _ToldByProxy(proxy if "://" in proxy else f"http://{proxy}")


class _Told(urllib3.PoolManager):
    """Connections whose requests the log tells; not their headers, which have the token, nor what an address asks."""

    def urlopen(self, method: str, url: str, *arguments: Any, **options: Any) -> urllib3.BaseHTTPResponse:
        """See urllib3: a request and its answer, with every attempt in between."""
        parts, began = urlsplit(url), time.monotonic()
        what = f"{method} {parts.scheme}://{parts.hostname}{parts.path}"
        LOG.debug("asks    %s", what)
        try:
            answer = super().urlopen(method, url, *arguments, **options)
        except Exception as error:  # whatever it is: it is told here, and goes on
            LOG.info("answers %s nothing in %.3f s: %s", what, time.monotonic() - began, type(error).__name__)
            raise
        LOG.info("answers %s %s in %.3f s", what, answer.status, time.monotonic() - began)
        return answer


class _ToldByProxy(_Told, urllib3.ProxyManager):
    """The same by a proxy."""
