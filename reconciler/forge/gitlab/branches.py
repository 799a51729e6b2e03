"""Branches: a commit that changes files, and the merge request that proposes it.

https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from reconciler.forge.client import Row
from reconciler.forge.errors import Invalid, NotFound
from reconciler.forge.git import proposal_message
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import open_merge_request
from reconciler.forge.gitlab.quick_actions import without_actions
from reconciler.forge.protocol import NewProposal


def propose(client: Client, proposal: NewProposal) -> tuple[str, bool]:
    """One commit on its branch, ours alone, and one merge request.

    The branch always leads from the tip of the base; it is left as it is where it does so already. Returns the address
    of the merge request, and whether it is new.
    """
    tip = _commit(client, proposal.base)["id"]
    known = open_merge_request(client, proposal.branch)
    if known is None or _differs(client, proposal.branch, tip, proposal.files):
        actions = [each for path, text in sorted(proposal.files.items()) for each in _actions(client, tip, path, text)]
        # `force` puts the branch where it has to be, whatever it was before.
        words = proposal_message(proposal.title, proposal.asked_by)
        commit = {
            "branch": proposal.branch,
            "start_sha": tip,
            "force": True,
            "commit_message": words,
            "actions": actions,
        }
        client.send("POST", "/repository/commits", commit, again=True)
    content = {"title": proposal.title, "description": without_actions(proposal.body)}
    if known is not None:
        client.send("PUT", f"/merge_requests/{known.number}", content)
        return known.url, False
    order = {**content, "source_branch": proposal.branch, "target_branch": proposal.base, "remove_source_branch": True}
    return _opened(client, order), True


def _opened(client: Client, order: Row) -> str:
    """The address of the merge request that is opened. GitLab refuses a second one from the same branch."""
    try:
        return str(client.send("POST", "/merge_requests", order, again=True)["web_url"])
    except Invalid:
        known = open_merge_request(client, order["source_branch"])
        if known is None:
            raise
        return known.url


def _actions(client: Client, tip: str, path: str, text: str | None) -> list[dict[str, str]]:
    """What makes of a file at the tip what is proposal."""
    old = _content(client, tip, path)
    if old == text:
        return []
    if text is None:
        return [{"action": "delete", "file_path": path}]
    return [{"action": "create" if old is None else "update", "file_path": path, "content": text}]


def _differs(client: Client, branch: str, tip: str, files: Mapping[str, str | None]) -> bool:
    """Whether the branch does not yet hold this very change on this very tip: else its approvals would be lost."""
    head = _commit(client, branch)
    if head["parent_ids"] != [tip]:
        return True
    touched = {row[side] for row in client.pages(f"/repository/commits/{head['id']}/diff") for side in _SIDES}
    return not touched <= files.keys() or any(
        _content(client, head["id"], path) != text for path, text in files.items()
    )


_SIDES = ("old_path", "new_path")


def _commit(client: Client, branch: str) -> Row:
    commit: Row = client.get(f"/repository/branches/{quote(branch, safe='')}")["commit"]
    return commit


def _content(client: Client, commit: str, path: str) -> str | None:
    try:
        return client.text(f"/repository/files/{quote(path, safe='')}/raw", ref=commit)
    except NotFound:
        return None
