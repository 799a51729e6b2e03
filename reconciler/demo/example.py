"""Example: the mesh of the demo, which lies beside the program in the repository and in the wheel."""

from __future__ import annotations

from pathlib import Path

import reconciler

EXAMPLE = Path(reconciler.__file__).parents[1] / "mesh"
