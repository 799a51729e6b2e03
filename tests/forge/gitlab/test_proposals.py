"""Proposals of files in the mesh: what is open or closed, by whom approved."""

from __future__ import annotations

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.proposals import proposals
from tests.forge.gitlab.standin import GitLab

DIFF = {"old_path": "mesh/a.yaml", "new_path": "mesh/a.yaml", "new_file": True, "diff": "@@ -0,0 +1 @@\n+name: a\n"}


def test_those_that_touch_the_folder_are_told_with_who_approves_their_last_commit(
    gitlab: GitLab, client: Client
) -> None:
    records = gitlab.records
    number, closed, other, merged = (records.add(name, "a" * 40) for name in ("one", "two", "three", "four"))
    for each in (number, closed, merged):
        records.diffs[each] = [DIFF, {**DIFF, "new_path": "README.md"}]
    records.diffs[other] = [{**DIFF, "new_path": "README.md"}]
    records.approve(number, "asa")
    records.push(number, "b" * 40)
    records.approve(number, "ines")
    records.approve(number, "ada")
    records.merge_requests[closed]["state"] = "closed"
    records.merge(merged)
    found = {each.number: each for each in proposals(client, "mesh")}
    assert set(found) == {number, closed}
    assert found[number].approved_by == ("ines",)
    assert [(each.path, each.status, each.added) for each in found[number].files] == [("a.yaml", "added", "name: a")]
    assert (found[number].state, found[closed].state) == ("open", "closed")
