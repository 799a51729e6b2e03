"""Addresses: the file of each page, the place of a column on it, and how links name them. site.js makes the same ones.

Names of tables and columns have letters of any script, blanks and signs; keys of LF-tags slashes, too.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

_LONGEST = 200
"""Bytes of a file's name; file systems take 255."""
_NOT_IN_FILES = re.compile(r"[/:%\\]")
_PLAIN = "!()*'"
"""What encodeURIComponent of JavaScript leaves as it is, and `quote` would not."""


def file_of(name: str) -> str:
    """A name as that of a file, without its end: no folder, and not longer than file systems take."""
    if name.isascii() and len(name) <= _LONGEST and not _NOT_IN_FILES.search(name):
        return name
    plain = _NOT_IN_FILES.sub(lambda sign: f"%{ord(sign[0]):02X}", name)
    if len(plain.encode()) <= _LONGEST:
        return plain
    start = plain.encode()[: _LONGEST // 2].decode(errors="ignore")
    return f"{start}~{sha256(name.encode()).hexdigest()[:16]}"


def columns_file(product: str, table: str) -> str:
    """The name of the page of a table's columns. Names of products have no dots, so no two are one."""
    return file_of(f"{product}.{table}")


def columns_page(product: str, table: str) -> str:
    """Where the columns of a table are told, in the site."""
    return f"columns/{columns_file(product, table)}.html"


def tag_page(key: str) -> str:
    """Where a key of LF-tags is told, in the site."""
    return f"tags/{file_of(key)}.html"


def href(path: str) -> str:
    """A path of the site as links write it."""
    return quote(path, safe=f"/{_PLAIN}")


def anchor(name: str) -> str:
    """The id of what is called so on a page; `#` and it lead there."""
    return name if name.isascii() and name.isidentifier() else quote(name, safe=_PLAIN)
