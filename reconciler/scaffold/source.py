"""Source: where a mesh repository gets Meshform from, as a line that nobody else can fill with something of his own."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from reconciler.errors import MeshformError

FOLDER = "wheels"
_GIT = re.compile(r"git\+https://[^\s@;#]+@[0-9a-f]{40}")
_ACTION = re.compile(r"(?:github:)?([A-Za-z0-9-]+/[A-Za-z0-9._-]+)@([0-9a-f]{40})")
_WHEEL = re.compile(r"(https://[^\s;#]+/meshform-[^\s/;#]+\.whl)#sha256=([0-9a-f]{64})")
_INDEX = re.compile(r"meshform==(\d[\w.!+]*)#sha256=([0-9a-f]{64}(?:,[0-9a-f]{64})*)")
_FILE = re.compile(r"meshform-[\w.+-]+\.whl")
UNKNOWN = """\
# Where Meshform comes from: one line, pinned so that nobody else can put something in its place.
#   meshform @ git+https://github.com/OWNER/REPO@COMMIT       (all 40 digits of the commit)
#   ./wheels/meshform-VERSION-py3-none-any.whl --hash=sha256:...
#   meshform==VERSION --hash=sha256:...                       (from the index of pip; the hash is what counts)
# `meshform upgrade --meshform-source` writes it. A name without a hash would belong to whoever registers it.
"""


def requirement(source: str) -> str:
    """The requirement of a source, whose content it pins:

    - git+https://HOST/OWNER/REPO@COMMIT, or OWNER/REPO@COMMIT as in `uses:` of the action: a commit at GitHub;
    - meshform==VERSION#sha256=DIGEST, with a digest for each file that would do: an index;
    - https://HOST/meshform-VERSION-py3-none-any.whl#sha256=DIGEST: a wheel somewhere;
    - a wheel of this machine, which then belongs into the repository below `wheels/`.

    Raises MeshformError for what does not pin its content.
    https://pip.pypa.io/en/stable/topics/secure-installs/ · https://pip.pypa.io/en/stable/topics/vcs-support/
    """
    if _GIT.fullmatch(source):
        return f"meshform @ {source}\n"
    if found := _ACTION.fullmatch(source):
        return f"meshform @ git+https://github.com/{found[1]}@{found[2]}\n"
    if found := _INDEX.fullmatch(source):
        hashes = "".join(f" --hash=sha256:{digest}" for digest in found[2].split(","))
        return f"meshform=={found[1]}{hashes}\n"
    if found := _WHEEL.fullmatch(source):
        return f"meshform @ {found[1]} --hash=sha256:{found[2]}\n"
    path = Path(source)
    if _FILE.fullmatch(path.name) and path.is_file():
        return f"./{FOLDER}/{path.name} --hash=sha256:{_digest(path)}\n"
    raise MeshformError(
        f"{source!r} does not pin what would be installed. Give git+https://HOST/OWNER/REPO@COMMIT with all 40 digits "
        "of the commit, OWNER/REPO@COMMIT for GitHub, meshform==VERSION#sha256=DIGEST for an index, "
        "https://HOST/meshform-VERSION-py3-none-any.whl#sha256=DIGEST, or a wheel file of this machine."
    )


def own_source() -> str | None:
    """Where this very Meshform was installed from, when that pins its content; None otherwise.

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        data = json.loads(distribution("meshform").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    url, commit = str(data.get("url", "")), (data.get("vcs_info") or {}).get("commit_id")
    digest = ((data.get("archive_info") or {}).get("hashes") or {}).get("sha256")
    if url.startswith("file:"):
        path = Path(url2pathname(urlsplit(url).path))
        same = _FILE.fullmatch(path.name) and path.is_file() and digest in (None, _digest(path))
        return str(path) if same else None
    candidate = f"git+{url}@{commit}" if commit else f"{url}#sha256={digest}"
    return candidate if _GIT.fullmatch(candidate) or _WHEEL.fullmatch(candidate) else None


def put_wheel(source: str, repository: Path) -> None:
    """Put a wheel of this machine where its requirement looks for it; any other source needs nothing."""
    path = Path(source)
    if path.is_file():
        (repository / FOLDER).mkdir(exist_ok=True)
        (repository / FOLDER / path.name).write_bytes(path.read_bytes())


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
