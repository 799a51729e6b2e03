"""Sticky: the one comment of ours with a marker on a page, edited in place, whatever forge the page is of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reconciler.forge.client import ForgeClient, Row
from reconciler.forge.errors import Lost, NotFound


@dataclass(frozen=True, slots=True)
class Comments:
    """Those of a page: all of them at `every`, one by its id below `each`, which is changed by `edits`. `ours` lists
    those with the marker that our account has written: somebody else's could be rewritten by its author afterwards."""

    client: ForgeClient
    every: str
    each: str
    edits: Literal["PATCH", "PUT"]
    ours: Callable[[], list[Row]]

    def upsert(self, body: Callable[[str | None], str]) -> tuple[Row, bool]:
        """Edit our first one, or make it where it is not there; it, and whether it is new. Further ones are removed.

        `body` gets what it says now (None when there is none).
        """
        ours = self.ours()
        for first in ours[:1]:
            text = body(str(first["body"]))
            try:
                edited: Row = self.client.send(self.edits, f"{self.each}/{first['id']}", {"body": text})
            except NotFound:
                break  # deleted since it was listed
            for row in ours[1:]:
                self.client.send("DELETE", f"{self.each}/{row['id']}", {})
            return edited, False
        try:
            made: Row = self.client.send("POST", self.every, {"body": body(None)})
        except Lost:
            found = self.ours()
            if not found:
                raise
            made = found[0]
        return made, True
