"""Mutated: an input made from another one, by its structure where it has one, else by its text and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.fuzz import trees
from tests.fuzz.forms import Form, bytes_of, files_of, folder_of, tree_of

_TOKENS = (
    b":", b": ", b"- ", b"\n", b"\n\n", b"  ", b"\t", b"{", b"}", b"[", b"]", b",", b'"', b"'", b"#", b"|", b">",
    b"&a ", b"*a", b"!!python/object:x ", b"!x ", b"<<: ", b"---\n", b"...\n", b"%YAML 1.2\n",
    b"? ", b"\xff", b"\x00", b"\x85",
    b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\x1b[2J", b"1e999", b"-", b"NaN",
    b"9" * 5000, b"[" * 2000, b"{\"a\":" * 1100, b"(" * 400, b"\r", b"\r\n", b"/*", b"--", b"\\",
)  # fmt: skip
_MOST = 200_000


def mutated(data: bytes, others: Sequence[bytes], form: Form, rng: Random) -> bytes:
    """Another input near this one; at most 200,000 bytes."""
    made = data
    if form not in ("text", "bytes") and rng.random() < 0.7:
        made = _by_structure(data, others, form, rng)
    if made == data:
        made = _by_text(data, others, form, rng)
    return made[:_MOST]


def _by_structure(data: bytes, others: Sequence[bytes], form: Form, rng: Random) -> bytes:
    try:
        found = [tree_of(rng.choice(others), form) for _ in range(2)]
        return bytes_of(trees.changed(tree_of(data, form), found, rng), form)
    except ValueError:
        return data


def _by_text(data: bytes, others: Sequence[bytes], form: Form, rng: Random) -> bytes:
    if form == "folder" and (files := files_of(data)):
        path = rng.choice([*files])
        return folder_of({**files, path: _changed(files[path], others, rng)})
    return _changed(data, others, rng)


def _changed(data: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((1, 1, 2, 4, 16, 64)))
        match rng.randrange(8):
            case 0:
                data = data[:start] + data[end:]
            case 1 | 2:
                data = data[:start] + rng.choice(_TOKENS) + data[start:]
            case 3:
                data = data[:start] + data[start:end] * rng.choice((2, 2, 30)) + data[end:]
            case 4:
                other = rng.choice(others)
                at = rng.randrange(len(other) + 1)
                data = data[:start] + other[at : at + rng.choice((4, 40, 400))] + data[end:]
            case 5:
                data = data[:start] + bytes(rng.randrange(256) for _ in range(end - start)) + data[end:]
            case 6:
                lines = data.split(b"\n")
                at = rng.randrange(len(lines))
                lines.insert(rng.randrange(len(lines) + 1), rng.choice((lines[at], lines.pop(at))))
                data = b"\n".join(lines)
            case _:
                word = rng.choice([each for each in trees.ODD if isinstance(each, str)])
                data = data[:start] + word.encode("utf-8", "surrogatepass") + data[end:]
    return data
