"""moto for a process that asks it ten thousands of times: what it would work out anew for each answer is known.

What it says is the same to the last byte, its random numbers in the same order.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

import xmltodict
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.core import responses, serialize
from moto.kms import utils
from moto.moto_api._internal.moto_random import MotoRandom
from moto.sns.models import Subscription

_NAMES: dict[tuple[Any, ...], tuple[Any, tuple[str, ...]]] = {}


@cache
def make_once() -> None:
    """From here on, in this process; twice is once."""
    responses.method_names_from_class = cache(responses.method_names_from_class)
    picker = serialize.XFormedAttributePicker
    picker.get_possible_keys = _by_type(picker.get_possible_keys)
    xmltodict._validate_name = lru_cache(maxsize=10_000)(xmltodict._validate_name)
    MotoRandom.get_random_string = _random_string
    Subscription.private_key = lambda _: _key(2048)
    utils.rsa = SimpleNamespace(generate_private_key=lambda public_exponent, key_size: _key(key_size))


def _by_type(real: Callable[..., Iterator[str]]) -> Callable[..., Iterator[str]]:
    """By which names a member of an answer may go: that follows from the type of what has it, and from its shape."""

    def names(self: Any, context: Any) -> Iterator[str]:
        if self.alias_providers is not serialize.DEFAULT_ALIAS_PROVIDERS:
            return real(self, context)
        key = (type(context.obj), context.key, id(context.shape))
        if key not in _NAMES:
            _NAMES[key] = (context.shape, tuple(dict.fromkeys(real(self, context))))
        return iter(_NAMES[key][1])

    return names


def _random_string(self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False) -> str:
    """Draws as `choice` does."""
    pool = string.ascii_letters + (string.digits if include_digits else "")
    bits, many, found = len(pool).bit_length(), len(pool), list[str]()
    while len(found) < length:
        if (drawn := self.getrandbits(bits)) < many:
            found.append(pool[drawn])
    text = "".join(found)
    return text.lower() if lower_case else text


@cache
def _key(size: int) -> rsa.RSAPrivateKey:
    """One key signs the notices of all subscriptions, as one of AWS does, and is every key of KMS, which nobody here
    encrypts with; to make one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)
