"""new policy: policies to start with, for a mesh that is there already."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import answer
from reconciler.cli.options import common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, propose_all, say_who_approves, written_all
from reconciler.errors import InvalidMesh, MeshformError
from reconciler.scaffold.policies import STARTING, PolicyWords, is_plain, starting_policy

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh


@click.command("policy", epilog="Example: meshform new policy purposes-are-said --action warn")
@click.argument("names", nargs=-1, metavar="[POLICY]...")
@mesh_option
@click.option("--owner", metavar="TEXT", help="Who answers for the policies. Default: governance.")
@click.option("--label", metavar="VALUE", help="Of label-in-named-accounts: which one. Default: the most sensitive.")
@click.option("--accounts", metavar="A,B", help="Of label-in-named-accounts: where it may be read.")
@click.option(
    "--action", type=click.Choice(["deny", "warn", "audit"]), help="What a breach means. Default: as each policy says."
)
@click.option("--propose", is_flag=True, help="Open the pull request.")
@click.option("--base", default="main", show_default=True, metavar="BRANCH", help="Where that leads to.")
@common
def command(
    names: tuple[str, ...],
    folder: str,
    owner: str | None,
    label: str | None,
    accounts: str | None,
    action: str | None,
    propose: bool,
    base: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Make policies to start with: those named, or `all`; the list is in docs/policies.md.

    Each comes with examples of what it allows and what breaks it. What the mesh breaks already is told, and nothing is
    written then: begin with `--action warn`. What is there already is not touched.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.owners.approval import governance

    need_forge(is_proposed=propose)
    before = valid_mesh_of(pipeline.load_folder(folder))
    asks = f"Which policies (all, or some of {', '.join(STARTING)})"
    chosen = answer(",".join(names) or None, asks, "[POLICY]...", _chosen)
    who = answer(owner, "Who answers for them", "--owner", _text, governance(before))
    words = PolicyWords(who, "", ("",), "")
    if STARTING[-1] in chosen:
        words = _of_label(before, words, label, accounts)
    made = dict(_made(name, words, action) for name in chosen)
    if there := [str(Path(folder) / path) for path in made if os.path.lexists(Path(folder) / path)]:
        raise MeshformError(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already; nothing was written."
        )
    try:
        after = written_all(folder, made, before, quiet=quiet)
    except InvalidMesh:
        show.hint("what breaks them has to be mended first, or they begin with `--action warn`")
        raise
    say_who_approves(before, after)
    if propose:
        body = "Made by `meshform new policy`."
        propose_all(folder, made, base, "meshform/new-policies", f"Add {len(made)} policies", body)
    elif not quiet:
        show.hint("`meshform policy test` runs their examples, `meshform policy explain NAME` says what breaks them")


def _of_label(mesh: Mesh, words: PolicyWords, label: str | None, accounts: str | None) -> PolicyWords:
    """The words with the label that stays in named accounts, and these."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    known = tuple(tag.value_names) if tag is not None else ()
    asks, last = "Which label stays in named accounts", known[-1] if tag is not None and tag.ordered else None
    value = answer(label, asks, "--label", lambda said: _label(known, said), last)
    data = (each.name for each in mesh.accounts.values() if {"central", "producer"} & {*map(str, each.parts)})
    within = answer(accounts, "Where it may be read", "--accounts", lambda said: _accounts(mesh, said), ",".join(data))
    outside = next((each for each in mesh.accounts if each not in within), "elsewhere")
    return replace(words, label=value, accounts=within, outside=outside)


def _made(name: str, words: PolicyWords, action: str | None) -> tuple[str, str]:
    path, text = starting_policy(name, words)
    lines = [each for each in text.splitlines() if not each.startswith("# yaml-language-server")]
    if action is not None:
        lines = [each for each in lines if not each.startswith("action:")]
        lines.insert(lines.index("validations:"), f"action: {action}")
    return path, "\n".join(lines) + "\n"


def _chosen(said: str) -> tuple[str, ...]:
    from reconciler.spec.suggest import did_you_mean

    asked = [each.strip() for each in said.split(",") if each.strip()]
    if asked == ["all"]:
        return STARTING
    for each in asked:
        if each not in STARTING:
            raise MeshformError(f"There is no policy {each} to start with{did_you_mean(each, STARTING)}.")
    if not asked:
        raise MeshformError("Name one, or say all.")
    return tuple(dict.fromkeys(asked))


def _text(said: str) -> str:
    if not said.strip():
        raise MeshformError("Say a person or a team.")
    return said.strip()


def _label(known: tuple[str, ...], said: str) -> str:
    from reconciler.spec.suggest import did_you_mean

    if said not in known:
        raise MeshformError(f"The mesh has no label {said}{did_you_mean(said, known)}.")
    if not is_plain(said):
        raise MeshformError(f"The label {said} has signs that the policy cannot write; write it by hand.")
    return said


def _accounts(mesh: Mesh, said: str) -> tuple[str, ...]:
    from reconciler.spec.suggest import did_you_mean

    names = tuple(each.strip() for each in said.split(",") if each.strip())
    for each in names:
        if each not in mesh.accounts:
            raise MeshformError(f"There is no account {each}{did_you_mean(each, mesh.accounts)}.")
    if not names:
        raise MeshformError("Name an account at least.")
    return names
