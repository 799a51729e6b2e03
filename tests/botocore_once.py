"""botocore for a process that makes thousands of clients: what it would make anew for each of them is made once.

Models, classes of clients and rules of endpoints are the same in all of them, and handlers but for a few. Nobody here
looks at a signature, only at what it says of itself: whose key, which region, which service.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import UTC
from functools import cache, lru_cache
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from botocore import (
    auth,
    client,
    credentials,
    endpoint,
    endpoint_provider,
    hooks,
    httpsession,
    loaders,
    parsers,
    regions,
    session,
)
from botocore.compat import get_current_datetime

from reconciler.aws import clients

_KNOWN: dict[tuple[Any, ...], tuple[Any, Any]] = {}
_CHANCE = Random()


@cache
def make_once() -> None:
    """From here on, in this process; twice is once."""
    loaders.Loader.load_data_with_path = _data(loaders.Loader.load_data_with_path)
    client.ServiceModel = _by_first(client.ServiceModel)
    endpoint_provider.RuleSet = _by_ruleset(endpoint_provider.RuleSet)
    session.EndpointResolver = _by_first(session.EndpointResolver)
    client.ClientCreator._create_client_class = _class_once(client.ClientCreator._create_client_class)
    trie = hooks._PrefixTrie
    trie.__copy__, trie.append_item, trie.remove_item = _shared, _apart(trie.append_item), _apart(trie.remove_item)
    aliaser = hooks.EventAliaser
    aliaser._alias_event_name, aliaser.__copy__ = _alias(aliaser._alias_event_name), _same_aliases
    # To know whether a key has expired it would ask the machine for its time zone, at each call.
    credentials.tzlocal = lambda: UTC
    auth.SigV4Auth.add_auth = _unsigned(auth.SigV4Auth.add_auth)
    resolver = regions.EndpointRulesetResolver
    resolver.construct_endpoint = _one_endpoint(resolver.construct_endpoint)
    parsers.DEFAULT_TIMESTAMP_PARSER = lru_cache(maxsize=10_000, typed=True)(parsers.DEFAULT_TIMESTAMP_PARSER)
    clients.parse_timestamp = parsers.DEFAULT_TIMESTAMP_PARSER
    # Each request has a number, for which the system would be asked each time.
    endpoint.uuid = SimpleNamespace(uuid4=_number)
    # Nobody here speaks TLS, and each client would read for it again which ciphers there are.
    httpsession.create_urllib3_context = cache(httpsession.create_urllib3_context)


def _data(real: Callable[..., Any]) -> Callable[..., Any]:
    """What is in a file of botocore's, for botocore's own loaders: moto writes into what its loaders have read."""
    known = dict[tuple[Any, ...], Any]()

    def load(self: Any, name: str) -> Any:
        if type(self) is not loaders.Loader:
            return real(self, name)
        key = (*self.search_paths, name)
        if key not in known:
            known[key] = real(self, name)
        return known[key]

    return load


def _first_time(key: tuple[Any, ...], kept: Any, make: Callable[[], Any]) -> Any:
    """By the identity of what was read from a file, which is kept so that nothing else has it."""
    if key not in _KNOWN:
        _KNOWN[key] = (make(), kept)
    return _KNOWN[key][0]


def _by_first(real: Any) -> Callable[..., Any]:
    def made(read: Any, *args: Any, **named: Any) -> Any:
        key = (real, id(read), args, tuple(sorted(named.items())))
        return _first_time(key, read, lambda: real(read, *args, **named))

    return made


def _by_ruleset(real: Any) -> Callable[..., Any]:
    def made(partitions: Any, **read: Any) -> Any:
        key = (real, id(partitions), id(read["rules"]))
        return _first_time(key, (partitions, read), lambda: real(partitions=partitions, **read))

    return made


def _class_once(real: Callable[..., Any]) -> Callable[..., Any]:
    """A class for each service and for what handlers, such as boto3's of S3, put into it."""

    def made(self: Any, name: str, model: Any) -> Any:
        attributes, bases = dict[str, Any](), [client.BaseClient]
        event = f"creating-client-class.{model.service_id.hyphenize()}"
        self._event_emitter.emit(event, class_attributes=attributes, base_classes=bases)
        key = (real, id(model), tuple(sorted(attributes)), tuple(bases))
        return _first_time(key, model, lambda: real(self, name, model))

    return made


def _shared(self: Any) -> Any:
    """A copy of a trie costs nothing: what is put into one, or taken out, first copies the nodes on its way."""
    same = type(self)()
    same._root = self._root
    return same


def _apart(real: Callable[..., None]) -> Callable[..., None]:
    def changed(self: Any, key: str, *what: Any, **named: Any) -> None:
        node = self._root = _copied(self._root)
        for part in key.split("."):
            if part not in node["children"]:
                break
            node["children"][part] = node = _copied(node["children"][part])
        real(self, key, *what, **named)

    return changed


def _copied(node: dict[str, Any]) -> dict[str, Any]:
    values = node["values"]
    copied = None if values is None else hooks.NodeList(*([*each] for each in values))
    return {"chunk": node["chunk"], "children": dict(node["children"]), "values": copied}


def _alias(real: Callable[..., Any]) -> Callable[..., Any]:
    """Other names of events: each emitter would work them out anew."""
    known = lru_cache(maxsize=10_000)(lambda name: real(hooks.EventAliaser(None), name))
    return lambda self, name: known(name) if self._event_aliases is hooks.EVENT_ALIASES else real(self, name)


def _same_aliases(self: Any) -> Any:
    """A copy of an emitter with the other names themselves: whether they are botocore's is told without comparing."""
    return type(self)(copy(self._emitter), self._event_aliases)


def _one_endpoint(real: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint of a client, the same for every operation of which nothing goes into it, as with all but S3."""
    known = WeakKeyDictionary[Any, Any]()

    def construct_endpoint(self: Any, operation_model: Any, call_args: Any, request_context: Any) -> Any:
        told = (
            operation_model.static_context_parameters
            or operation_model.context_parameters
            or operation_model.operation_context_parameters
        )
        if told or operation_model.service_model.service_name == "s3":
            return real(self, operation_model, call_args, request_context)
        if self not in known:
            known[self] = real(self, operation_model, call_args, request_context)
        return known[self]

    return construct_endpoint


def _unsigned(real: Callable[..., None]) -> Callable[..., None]:
    """A signature as it is told in a header, but for the one number in it."""

    def add_auth(self: Any, request: Any) -> None:
        if type(self) not in (auth.SigV4Auth, auth.S3SigV4Auth) or self.credentials is None:
            return real(self, request)
        request.context["timestamp"] = get_current_datetime().strftime(auth.SIGV4_TIMESTAMP)
        self._modify_request_before_signing(request)
        scope = self.scope(request)
        signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
        request.headers["Authorization"] = signed
        return None

    return add_auth


def _number() -> UUID:
    return UUID(int=_CHANCE.getrandbits(128), version=4)
