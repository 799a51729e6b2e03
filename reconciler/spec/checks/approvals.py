"""Approvals: a folder asks its owner, an automatic one nobody; without a forge documents say who has approved."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.approval import approvers, digest
from reconciler.spec.documents.subscription import Approval, Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.tags import subscribed_products
from reconciler.spec.unchecked_mesh import UncheckedMesh

AUTOMATIC = Rule(
    "asks-somebody",
    "error",
    "A folder automatic/ takes only subscriptions that nobody needs to approve.",
    "GitHub asks nobody about files there. Move the file one folder up, or ask for less.",
)
ELSEWHERE = Rule(
    "asks-somebody-else",
    "error",
    "A subscription in the folder of a domain or product asks for data of that domain or product.",
    "GitHub asks the owner of the folder's domain or product to review it (CODEOWNERS). Move the file.",
)
MISSING = Rule(
    "approval-missing",
    "error",
    "Where documents say who has approved them, a subscription carries the approval that its product asks for.",
    "mesh.yaml says `approvals: {by: document}`. The owner of the product says how subscriptions are approved "
    "(`approval` of the Product). Add `approval` with by, at and text when the owner has agreed.",
)
BY = Rule(
    "approval-by",
    "error",
    "Where documents say who has approved them, those have approved who must.",
    "The owner of each product approves, and governance (the owner of the sensitivity key) what reaches the most "
    "sensitive data. Write their names as the documents write them, with commas between several.",
)
FUTURE = Rule("approval-date", "error", "Nobody has approved anything on a day that is still to come.", "Correct `at`.")
VOID = Rule(
    "approval-void",
    "error",
    "An approval holds for the text that was approved.",
    "`text` is the digest of the document without its approval. Whoever approves it as it is now writes the digest "
    "that the message names.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about approvals."""
    mesh = unchecked.mesh
    if mesh is None:
        return
    for path, document in unchecked.entries:
        if isinstance(document, Subscription) and mesh.written.get(document.name) is document:
            is_automatic, is_said = "automatic" in path.split("/")[:-1], mesh.settings.approvals.by == "document"
            needed = approvers(mesh, document) if is_automatic or is_said else ()
            yield from _elsewhere(mesh, path, document)
            if is_automatic and needed:
                yield AUTOMATIC.broken(
                    document.origin,
                    f"{document.name} needs the approval of {' and '.join(needed)}; move it out of automatic/",
                )
            if is_said and needed:
                yield from _said(unchecked, document, needed)


def _elsewhere(mesh: Mesh, path: str, document: Subscription) -> Iterator[Finding]:
    """Whether a subscription lies where GitHub would ask the owner of other data."""
    folder = path.partition("/subscriptions/")[2].partition("/")[0]
    if folder not in mesh.domains and folder not in mesh.products:
        return
    reached = subscribed_products(mesh, document)
    if folder not in {name for product in reached for name in (product.name, product.domain)}:
        asked = ", ".join(f"{product.domain}/{product.name}" for product in reached) or "no product yet"
        yield ELSEWHERE.broken(
            document.origin,
            f"{document.name} lies in subscriptions/{folder}/ but asks for {asked}; move it out of there",
        )


def _said(unchecked: UncheckedMesh, document: Subscription, needed: tuple[str, ...]) -> Iterator[Finding]:
    approval: Approval | None = document.approval
    if approval is None:
        yield MISSING.broken(
            document.origin,
            f"{document.name} needs the approval of {' and '.join(needed)}; add approval with by, at and "
            f"text: {digest(document)}",
        )
        return
    said = {name.strip() for name in approval.by.split(",")}
    absent = [name for name in needed if name not in said]
    if absent:
        who = " and ".join(absent)
        yield BY.broken(document.at("approval", "by"), f"{who} must approve {document.name}, not {approval.by}")
    elif approval.at > unchecked.today:
        yield FUTURE.broken(document.at("approval", "at"), f"{approval.at} is still to come")
    elif approval.text != digest(document):
        yield VOID.broken(
            document.at("approval"),
            f"{document.name} is not the text that was approved; when it is, write text: {digest(document)}",
        )
