"""Branches: a commit that changes files, and the pull request that proposes it."""

from __future__ import annotations

from reconciler.forge.errors import Invalid
from reconciler.forge.git import proposal_message
from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.pulls import open_pull
from reconciler.forge.protocol import NewProposal


def propose(client: Client, proposal: NewProposal) -> tuple[str, bool]:
    """One commit on its branch, ours alone, and one pull request.

    The branch always leads from the tip of the base; it is left as it is where it does so already. Returns the address
    of the pull request, and whether it is new.
    """
    tip = client.get(f"/git/ref/heads/{proposal.base}")["object"]["sha"]
    tree = client.get(f"/git/commits/{tip}")["tree"]["sha"]
    entries = [_entry(path, content) for path, content in sorted(proposal.files.items())]
    changed = client.send("POST", "/git/trees", {"base_tree": tree, "tree": entries}, again=True)["sha"]
    known = open_pull(client, proposal.branch)
    if known is None or _differs(client, proposal.branch, tip, changed):
        content = {"message": proposal_message(proposal.title, proposal.asked_by), "tree": changed, "parents": [tip]}
        _point(client, proposal.branch, client.send("POST", "/git/commits", content, again=True)["sha"])
    if known is not None:
        client.send("PATCH", f"/pulls/{known.number}", {"title": proposal.title, "body": proposal.body})
        return known.url, False
    order = {"title": proposal.title, "head": proposal.branch, "base": proposal.base, "body": proposal.body}
    return _opened(client, order), True


def _opened(client: Client, content: Row) -> str:
    """The address of the pull request that is opened. GitHub refuses a second one from the same branch."""
    try:
        return str(client.send("POST", "/pulls", content, again=True)["html_url"])
    except Invalid:
        known = open_pull(client, content["head"])
        if known is None:
            raise
        return known.url


def _entry(path: str, content: str | None) -> dict[str, str | None]:
    entry: dict[str, str | None] = {"path": path, "mode": "100644", "type": "blob"}
    return {**entry, "sha": None} if content is None else {**entry, "content": content}


def _differs(client: Client, branch: str, tip: str, tree: str) -> bool:
    """Whether the branch does not yet hold this very change on this very tip: else its reviews would be lost."""
    head = client.get(f"/git/ref/heads/{branch}")["object"]["sha"]
    commit = client.get(f"/git/commits/{head}")
    return bool(commit["tree"]["sha"] != tree or [each["sha"] for each in commit["parents"]] != [tip])


def _point(client: Client, branch: str, commit: str) -> None:
    try:
        client.send("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit}, again=True)
    except Invalid:  # it is there already
        client.send("PATCH", f"/git/refs/heads/{branch}", {"sha": commit, "force": True})
