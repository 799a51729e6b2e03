"""Forges: the page on which a new file can be proposed, filled in as far as the forge lets a link do it."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from reconciler.errors import MeshformError


def new_file_page(repository: str, branch: str, folder: str) -> str:
    """The address with {path} and {text}. `folder`: the mesh in the repository. Raises MeshformError for no address.

    https://docs.github.com/en/repositories/working-with-files/managing-files/creating-new-files
    https://docs.gitlab.com/user/project/repository/web_editor/
    """
    parts = urlsplit(repository)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise MeshformError(f"--repository takes an address such as https://github.com/bank/mesh, not {repository!r}.")
    base = f"https://{parts.netloc}{quote(parts.path.rstrip('/').removesuffix('.git'))}"
    top = f"{quote(folder.strip('/'))}/" if folder.strip("/.") else ""
    # GitLab fills in the name of a file, and no text: that is copied.
    if "gitlab" in parts.hostname:
        return f"{base}/-/new/{quote(branch)}?file_name={top}{{path}}"
    return f"{base}/new/{quote(branch)}?filename={top}{{path}}&value={{text}}"
