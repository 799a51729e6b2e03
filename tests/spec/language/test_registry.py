"""A kind of document and a check are one file each: dropped into their folder, they are found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import reconciler

KIND = '''
"""A kind that nobody has listed."""
from typing import ClassVar, Literal
from pydantic import Field
from reconciler.spec.documents.base import Document

class Glossary(Document):
    """Words of the business."""
    folder: ClassVar[str] = "glossary/"
    kind: Literal["Glossary"] = Field("Glossary", description="Kind of document.")
    words: int = Field(description="How many.")
'''
CHECK = '''
"""A check that nobody has listed."""
from reconciler.spec.rule import Rule
RULE = Rule("wordless", "warning", "A glossary has words.", "Write some.")

def check(draft):
    for path, document in draft.entries:
        if getattr(document, "words", 1) == 0:
            yield RULE.broken(document.at("words"), "has no words")
'''
PROGRAM = """
from reconciler.spec.language.registry import document_types
from reconciler.spec.rule import rules
from tests.spec.small import FILES, said
print(sorted(document_types()), "wordless" in rules())
print(said({**FILES, "g.yaml": "apiVersion: meshform/v1\\nkind: Glossary\\nname: g\\nwords: 0\\n"}))
print(said({**FILES, "g.yaml": "apiVersion: meshform/v1\\nkind: Glossary\\nname: g\\n"}))
"""


def test_a_kind_and_a_check_dropped_into_their_folders_are_found(tmp_path: Path) -> None:
    package = Path(reconciler.__file__).parent
    copied = tmp_path / "reconciler"
    for room in ("model", "spec"):
        for path in (package / room).rglob("*.py"):
            target = copied / path.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text())
    for name in ("__init__.py", "errors.py", "garbage.py"):
        (copied / name).write_text((package / name).read_text())
    (copied / "spec" / "documents" / "glossary.py").write_text(KIND)
    (copied / "spec" / "checks" / "glossary.py").write_text(CHECK)
    (tmp_path / "tests" / "spec").mkdir(parents=True)
    for path in ("tests/__init__.py", "tests/spec/__init__.py", "tests/spec/small.py"):
        (tmp_path / path).write_text((package.parent / path).read_text())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )
    kinds, warned, missing = done.stdout.splitlines()
    assert "'Glossary'" in kinds
    assert kinds.endswith("True")
    assert "mesh/g.yaml:4:1  wordless  has no words" in warned
    assert "mesh/g.yaml:1:1  missing-field  `words` is missing: How many." in missing
