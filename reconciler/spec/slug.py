"""Slug: what people call a thing as a name of the mesh."""

from __future__ import annotations

import re
import unicodedata


def slug(said: str) -> str:
    """What somebody calls a thing as a name of the mesh: `Consumer Banking` is consumer-banking."""
    plain = unicodedata.normalize("NFKD", said.strip().casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
