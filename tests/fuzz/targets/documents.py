"""Documents: one alone, several in the place of those of a mesh, whole folders, and policies."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.policy.loading import with_policies
from reconciler.spec.document_loader import read
from reconciler.spec.language.format import formatted
from reconciler.spec.load import Loaded, load
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import MAX_BYTES, Source
from tests.estate import TODAY
from tests.fuzz.forms import files_of, folder_of, yaml_text
from tests.fuzz.target import Target, told
from tests.policy.handbook import HANDBOOK
from tests.policy.handbook import document as policy_document
from tests.spec.mutants import as_it_is, sources, whole
from tests.spec.small import FILES


def document(data: bytes) -> str:
    """One document: each mistake has its place; one that is right says the same in the canonical form, and in full."""
    source = Source("x.yaml", data, "mesh")
    found = read(source)
    answer = told(found.findings, {"mesh/x.yaml": data})
    value, _, wrong = parse(source)
    if not wrong:
        written = Source("x.yaml", yaml_text(value).encode("utf-8", "surrogatepass"))
        assert parse(written)[0] == value, "written and read again it is another one"
    form = formatted(source)
    if form is not None:
        again = read(Source("x.yaml", form, "mesh"))
        assert formatted(Source("x.yaml", form, "mesh")) == form, "the canonical form is not its own"
        assert (again.document, again.contract) == (found.document, found.contract), "the canonical form says another"
    if found.document is not None:
        kept = found.document.model_dump(by_alias=True, exclude_unset=True, mode="json")
        assert isinstance(value, dict)
        assert value.keys() <= kept.keys() | {"apiVersion", "kind"}, f"lost: {value.keys() - kept.keys()}"
    return answer


def folder(data: bytes) -> str:
    """Documents in the place of those of a mesh with everything, or a mesh of their own; one that is right compiles."""
    found, files = loaded(data)
    answer = told(found.findings, files)
    assert (found.mesh is None) == any(each.severity == "error" for each in found.findings)
    if found.mesh is not None:
        kinds, known = registry(), as_it_is()
        for resource in compile_mesh(found.mesh, kinds, whole().mesh).values():
            if resource is not known.get(resource.address):
                kind = kinds[resource.address.kind]
                assert kind.decode(kind.encode(resource.spec)) == resource.spec, f"{resource.address} is not kept whole"
    return answer


def policies(data: bytes) -> str:
    """A policy in a mesh with everything: its mistakes have places, its expressions end in time."""
    found, files = loaded(folder_of({"policies/x.yaml": data}))
    judged = with_policies(found, lambda file: files.get(file, b"").decode("utf-8", "replace"), TODAY)
    return told(judged.findings, files)


def loaded(data: bytes) -> tuple[Loaded, dict[str, bytes]]:
    """What becomes of a folder, and its files by the names that people are told."""
    files = {path: content for path, content in files_of(data).items() if len(content) <= MAX_BYTES}
    known = {} if "mesh.yaml" in files else sources()
    others = [each for path, each in known.items() if path not in files]
    found = load([*others, *(Source(path, content, "mesh") for path, content in files.items())], TODAY, like=whole())
    return found, {Source(path, b"", "mesh").file: content for path, content in files.items()}


def documents() -> Mapping[str, bytes]:
    """Every document of the mesh with everything, by its path."""
    return {path: source.content for path, source in sources().items()}


TARGETS = (
    Target("document", "yaml", document, lambda: [*documents().values()]),
    Target(
        "folder",
        "folder",
        folder,
        lambda: [
            folder_of({path: text.encode() for path, text in FILES.items()}),
            *(folder_of({path: content}) for path, content in documents().items()),
        ],
        share=5,
    ),
    Target(
        "policy",
        "yaml",
        policies,
        lambda: [policy_document("x", body).encode() for body in HANDBOOK.values()],
        share=3,
    ),
)
