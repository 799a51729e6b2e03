"""Log: what Meshform asks of AWS and of the forge, line by line, for whoever looks for a fault. No secret is in it."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LOG = logging.getLogger("meshform")
"""`info`: a line for each answer. `debug`: also what was asked, before it is sent."""
LOG.propagate = False
LOG.setLevel(logging.CRITICAL)
HIDDEN = "***"

_SECRET_NAME = re.compile(
    r"secret|passw|token$|private_?key|credential|authorization|assertion|api_?key|access_?key(?!_?id)|pwd|passphrase",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(next|continuation|page|pagination|client|clientrequest|request|starting)_?token$", re.IGNORECASE)
_SHAPES = (
    (re.compile(r"(://)[^/@\s]+@"), rf"\1{HIDDEN}@"),
    (
        re.compile(
            r"((?:X-Amz-(?:Signature|Security-Token|Credential)|sig|signature|token)=)[^&\s\"']+", re.IGNORECASE
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|gl[a-z]+-)[\w-]{16,}"), HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\b((?:Bearer|Basic)\s+)[\w.+/=-]{8,}"), rf"\1{HIDDEN}"),
)
_SHORTEST = 8
_OTHER = re.compile(r"[^\x20-\x7e]")


def is_secret(name: str) -> bool:
    """Whether what has this name (a field, a variable, a parameter of a job) is kept to itself."""
    return bool(_SECRET_NAME.search(name)) and not _PAGE.search(name)


def without_secrets(text: str, environment: Mapping[str, str]) -> str:
    """A text without what looks like a secret, and without what variables of the environment hold that are named so."""
    for name, value in environment.items():
        if len(value) >= _SHORTEST and is_secret(name):
            text = text.replace(value, HIDDEN)
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


class _Lines(logging.Formatter):
    """One line an entry: when (UTC), how loud, what. What somebody else wrote cannot begin another line."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        said = record.getMessage()
        if record.exc_info:
            said = f"{said}\n{self.formatException(record.exc_info)}"
        line = f"{moment}.{int(record.msecs):03}Z {record.levelname.lower():5} {without_secrets(said, os.environ)}"
        return _OTHER.sub(lambda sign: ascii(sign[0])[1:-1], line)


@contextmanager
def kept(level: str, file: Path | None) -> Iterator[None]:
    """Keep the log of what is done meanwhile: at the end of a file that only its owner reads, or on stderr.

    Raises OSError where the file cannot be written.
    """
    if file is None:
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
    else:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(_Lines())
    LOG.addHandler(handler)
    before = LOG.level
    LOG.setLevel(level.upper())
    try:
        yield
    finally:
        LOG.setLevel(before)
        LOG.removeHandler(handler)
        handler.close()
