"""Scenes that begin with an import: what people made by hand is written down as documents, and then changed by them."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sandbox import Sandbox
from tests.campaigns.scene import KEPT, Scene
from tests.estate import ANALYTICS, BANKING, Edit, Estate, Files
from tests.importing.laws import basis_of, import_of
from tests.importing.reference import Reference

ROLE = "AmazonSageMaker-ExecutionRole"
CONSUMER = "consumers/account-444444444444/consumer.yaml"
STUDIO = """\
apiVersion: meshform/v1
kind: Subscription
name: studio
consumer: account-444444444444
product: credit-card-lf-222222222222-eu-west-1/credit-card
tables:
  - {name: credit_card, columns: [status, amount]}
principals: [studio]
purpose: Train a model.
"""


@dataclass
class Imported(Scene):
    """The reference mesh, made by hand and imported: `edits` of its documents, some `more` and some `less`."""

    edits: tuple[Edit, ...] = ()
    more: Files | None = None
    less: tuple[str, ...] = ()

    def set(self, aws: Sandbox, estate: Estate) -> None:
        """What people have made by hand, and the documents that tell it."""
        super().set(aws, estate)
        Reference(estate, version=4).build()
        done, _ = import_of(estate, basis_of(BANKING, ANALYTICS))
        pages = {page.path: page.text for page in done.pages}
        pages["mesh.yaml"] += KEPT.removesuffix("limits:")
        after = {**pages, **(self.more or {})}
        for path, old, new in self.edits:
            assert old in after[path], f"{old!r} is not in {path}: {after[path]}"
            after[path] = after[path].replace(old, new)
        self.before, self.after = pages, {path: text for path, text in after.items() if path not in self.less}


REVOKE = ("mesh.yaml", "undeclaredGrants: report", "undeclaredGrants: revoke")
IMPORTS = (
    Imported(
        "an import, and then columns for one role instead of a permission that people gave",
        None,
        {},
        edits=(
            REVOKE,
            (CONSUMER, "links:", "principals:\n- {name: studio, role: AmazonSageMaker-ExecutionRole}\nlinks:"),
        ),
        more={"consumers/account-444444444444/subscriptions/studio.yaml": STUDIO},
        less=("adopted/account-444444444444.yaml",),
    ),
    Imported(
        "an import, and then nothing is kept that no subscription says",
        None,
        {},
        edits=(REVOKE,),
        less=tuple(f"adopted/{name}.yaml" for name in ("central", "account-222222222222", "account-444444444444")),
    ),
    Imported(
        "an import, and then the mesh takes a key of LF-tags over",
        None,
        {},
        edits=(
            ("mesh.yaml", "territory:\n", "territory:\n  takeOver: {lf-tag: [database]}\n"),
            ("lf-tags/database.yaml", "ownership: external\n", ""),
        ),
    ),
)
