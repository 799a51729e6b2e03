"""ParseCache: what was parsed before, by the digest of its bytes, so that only documents that changed are parsed again.

A line of the file is a document: a seal, the digest of its bytes, its value and its marks, the last two as JSON. The
seal is made with a secret of this user, so a file that somebody else has made is as good as none. The digest is made
with the parser's own source, so another version of the language finds nothing. Values are validated again each time.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import stat
from functools import cache
from hashlib import blake2b
from pathlib import Path

from reconciler.model.finding import Finding
from reconciler.spec.yaml.parse import Tree, parse
from reconciler.spec.yaml.source import Source
from reconciler.spec.yaml.source_map import SourceMap

FEW = 50
"""With fewer documents nothing is kept: parsing them takes less than a tenth of a second."""

_AS_BYTES = getattr(os, "O_BINARY", 0)
"""Without it Windows writes each newline as two signs."""
MAX_BYTES = 512 * 1024 * 1024
_PARSER = ("encoding.py", "parse.py", "scalars.py", "source_map.py", "yaml_events.py")

Parsed = tuple[Tree, SourceMap | None, list[Finding]]


def user_parse_cache() -> ParseCache | None:
    """The cache in this user's cache folder, or in MESHFORM_CACHE; None where that is empty."""
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "meshform"
    chosen = os.environ.get("MESHFORM_CACHE", str(usual))
    return ParseCache(Path(chosen)) if chosen else None


class ParseCache:
    """Parsed documents in a folder. Whatever is wrong with the folder or its files means: parse again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._secret = _secret(folder)
        self._lines = self._read() if self._secret else {}
        self._used: dict[bytes, bytes] = {}
        self._is_new = False

    def parse(self, source: Source) -> Parsed:
        """See spec.parse.parse."""
        digest = blake2b(source.content, digest_size=20, key=_language()).hexdigest().encode()
        known = self._opened(source, self._lines.get(digest, b""))
        if known is not None:
            self._used[digest] = self._lines[digest]
            return known
        value, place, findings = parse(source)
        if place is not None and self._secret:
            assert isinstance(place.marks, bytes)
            body = b"\t".join((digest, json.dumps(value, separators=(",", ":")).encode(), place.marks))
            self._used[digest] = self._seal(body) + b"\t" + body
            self._is_new = True
        return value, place, findings

    def keep(self) -> None:
        """Write what was parsed or used, if any of it is new. What is not used any more goes."""
        if not self._is_new or not self._secret:
            return
        import tempfile  # Most runs write nothing.

        with contextlib.suppress(OSError):
            handle, name = tempfile.mkstemp(dir=self._folder, prefix="documents-")
            with os.fdopen(handle, "wb") as file:
                file.write(b"\n".join(self._used.values()))
            os.replace(name, self._folder / "documents")

    def _opened(self, source: Source, line: bytes) -> Parsed | None:
        """The document in a line; None where it is not sealed by us."""
        seal, _, body = line.partition(b"\t")
        if not line or not hmac.compare_digest(seal, self._seal(body)):
            return None
        _, value, marks = body.split(b"\t")
        return json.loads(value), SourceMap(source.file, marks), []

    def _seal(self, body: bytes) -> bytes:
        return blake2b(body, digest_size=20, key=self._secret).hexdigest().encode()

    def _read(self) -> dict[bytes, bytes]:
        """The lines of the file by the digests that they claim; their seals are looked at when they are used."""
        content = _own(self._folder / "documents", MAX_BYTES)
        return {line[41:81]: line for line in content.split(b"\n") if line}


def _secret(folder: Path) -> bytes:
    """This user's secret, made when there is none; empty where none can be kept."""
    file = folder / "secret"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            contextlib.suppress(FileExistsError),
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_BYTES, 0o600), "wb") as made,
        ):
            made.write(os.urandom(32))
        secret = _own(file, 64)
        return secret if len(secret) == 32 else b""
    return b""


def _own(file: Path, limit: int) -> bytes:
    """A regular file of this user that nobody else can write; empty for anything else."""
    with contextlib.suppress(OSError), open(file, "rb") as opened:
        status = os.fstat(opened.fileno())
        if stat.S_ISREG(status.st_mode) and status.st_size <= limit and _is_mine(status):
            return opened.read()
    return b""


def _is_mine(status: os.stat_result) -> bool:
    """Whether only this user can write a file. Windows tells neither; a user's folders are his own there."""
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


@cache
def _language() -> bytes:
    """The version of the language: a digest of what reads it."""
    sources = (Path(__file__).with_name(name).read_bytes() for name in _PARSER)
    return blake2b(b"\0".join(sources), digest_size=32).digest()
