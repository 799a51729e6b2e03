"""Source: where a mesh repository gets Meshform from, as a line that nobody else can fill with something of his own."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from reconciler.errors import MeshformError

FOLDER = "wheels"
_GIT = re.compile(r"git\+https://[^\s@;#]+@[0-9a-f]{40}")
_WHEEL = re.compile(r"(https://[^\s;#]+/meshform-[^\s/;#]+\.whl)#sha256=([0-9a-f]{64})")
UNKNOWN = """\
# Where Meshform comes from: one line, pinned so that nobody else can put something in its place.
#   meshform @ git+https://github.com/OWNER/REPO@COMMIT       (all 40 digits of the commit)
#   ./wheels/meshform-VERSION-py3-none-any.whl --hash=sha256:...
# `meshform init --meshform-source` writes it. A name at an index would belong to whoever registers it.
"""


def requirement(source: str) -> str:
    """The requirement of a source: git+https://...@<commit>, https://....whl#sha256=..., or a wheel of this machine,
    which then belongs into the repository below `wheels/`. Raises MeshformError for what does not pin its content.

    https://pip.pypa.io/en/stable/topics/secure-installs/ · https://pip.pypa.io/en/stable/topics/vcs-support/
    """
    if _GIT.fullmatch(source):
        return f"meshform @ {source}\n"
    found = _WHEEL.fullmatch(source)
    if found is not None:
        return f"meshform @ {found[1]} --hash=sha256:{found[2]}\n"
    path = Path(source)
    if re.fullmatch(r"meshform-[\w.+-]+\.whl", path.name) and path.is_file():
        return f"./{FOLDER}/{path.name} --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"
    raise MeshformError(
        f"{source!r} does not pin what would be installed. Give git+https://HOST/OWNER/REPO@COMMIT with all 40 digits "
        "of the commit, https://HOST/meshform-VERSION-py3-none-any.whl#sha256=DIGEST, or a wheel file of this machine."
    )


def own_source() -> str | None:
    """Where this very Meshform was installed from, when that pins its content; None otherwise.

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        data = json.loads(distribution("meshform").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    commit = (data.get("vcs_info") or {}).get("commit_id")
    digest = ((data.get("archive_info") or {}).get("hashes") or {}).get("sha256")
    candidate = f"git+{data.get('url')}@{commit}" if commit else f"{data.get('url')}#sha256={digest}"
    return candidate if _GIT.fullmatch(candidate) or _WHEEL.fullmatch(candidate) else None
