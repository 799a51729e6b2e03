"""What is proposed and not merged: with the files below the mesh, and who approves the last commit of it."""

from __future__ import annotations

from reconciler.forge.github.client import Client
from reconciler.forge.github.proposals import proposals
from reconciler.forge.protocol import ProposedFile
from tests.forge.standin import GitHub

HEAD = "a" * 40
FILE = "mesh/consumers/bi/subscriptions/report.yaml"


def test_open_ones_and_refused_ones_are_told_and_merged_ones_are_not(github: GitHub, client: Client) -> None:
    waiting, refused, merged, elsewhere = (github.records.add_pull(name, HEAD) for name in ("a", "b", "c", "d"))
    for number in (waiting, refused, merged):
        github.records.touches(number, FILE, "@@ -0,0 +1,2 @@\n+kind: Subscription\n+name: report\n-old\n same")
        github.records.touches(number, "README.md", "+hello")
    github.records.touches(elsewhere, "meshes/x.yaml", "+hello")
    github.records.edit_pull(str(refused), state="closed", closed_at="2026-11-23T08:00:00Z")
    github.records.edit_pull(str(merged), state="closed", merged_at="2026-11-23T08:00:00Z")
    found = {each.number: each for each in proposals(client, "mesh")}
    assert found.keys() == {waiting, refused}
    assert (found[waiting].state, found[refused].state, found[refused].at[:10]) == ("open", "closed", "2026-11-23")
    said = ProposedFile("consumers/bi/subscriptions/report.yaml", "added", "kind: Subscription\nname: report")
    assert found[waiting].files == (said,)


def test_an_approval_counts_of_the_last_commit_and_of_somebody_else(github: GitHub, client: Client) -> None:
    number = github.records.add_pull("topic", HEAD, author="ada")
    github.records.touches(number, FILE, "+name: report")
    github.records.review(number, "ines", commit="b" * 40)
    github.records.review(number, "ada")
    assert proposals(client, "")[0].approved_by == ()
    github.records.review(number, "ines")
    assert proposals(client, "")[0].approved_by == ("ines",)


def test_so_many_are_looked_at_and_no_more(github: GitHub, client: Client) -> None:
    for number in range(70):
        github.records.touches(github.records.add_pull(f"b{number}", HEAD), "README.md", "+x")
    assert proposals(client, "mesh") == ()
    assert len(github.requests) == 61
