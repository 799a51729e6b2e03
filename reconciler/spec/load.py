"""load: from the files of a mesh to the Mesh, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from itertools import chain, islice

from reconciler.garbage import no_garbage_collection
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.checks import check
from reconciler.spec.checks.settings import NO_SETTINGS
from reconciler.spec.contracts.classification import scale_of
from reconciler.spec.contracts.contract import Contracts, imported, unused
from reconciler.spec.document_loader import Read, read
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.in_force import in_force
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import rules
from reconciler.spec.unchecked_mesh import UncheckedMesh
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.parse_cache import FEW, ParseCache
from reconciler.spec.yaml.source import NO_FOLDER, Source

DEFAULT_SENSITIVITY_KEY = "sensitivity"


Readings = Mapping[tuple[str, bytes], Read]
"""What each file gave, by its name for people and the digest of its bytes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mesh and what there is to say about it. Without a mesh there is at least one error among the findings."""

    mesh: Mesh | None
    findings: tuple[Finding, ...]
    readings: Readings = field(default_factory=dict, repr=False, compare=False)


def load(
    sources: Iterable[Source | Finding],
    today: date,
    *,
    like: Loaded | None = None,
    parse_cache: ParseCache | None = None,
    is_standing: bool = False,
) -> Loaded:
    """The mesh in these files, with every finding, sorted by place. Never raises for bad input.

    `today` decides which subscriptions have expired. The order of the sources does not matter. Files that are the same
    in `like` share its documents; `parse_cache` remembers what was parsed before. `is_standing`: it was a mesh once,
    and what a day has made wrong of it (`Rule.by_day`) is told only.
    """
    with no_garbage_collection():
        findings: list[Finding] = []
        known = like.readings if like is not None else {}
        readings: dict[tuple[str, bytes], Read] = {}
        pieces: dict[object, object] = {}
        # One file after another: their bytes together would be a tenth of the memory.
        files = iter(sources)
        first = tuple(islice(files, FEW))
        cache = parse_cache if len(first) == FEW else None
        for source in chain(first, files):
            if isinstance(source, Finding):
                findings.append(source)
                continue
            key = (source.file, blake2b(source.content, digest_size=20).digest())
            readings[key] = known.get(key) or read(source, cache.parse if cache else parse, pieces)
        if cache:
            cache.keep()
        ordered = sorted(readings.values(), key=lambda reading: reading.path)
        return replace(_put_together(ordered, findings, today, is_standing), readings=readings)


def _put_together(readings: list[Read], findings: list[Finding], today: date, is_standing: bool) -> Loaded:
    contracts: Contracts = {each.path: each.contract for each in readings if each.contract is not None}
    settings = next((each.document for each in readings if isinstance(each.document, Settings)), None)
    key = settings.sensitivity_key if settings else DEFAULT_SENSITIVITY_KEY
    scale = scale_of(key, (each.document for each in readings if isinstance(each.document, LFTag)))
    entries = []
    used: set[str] = set()
    for reading in readings:
        findings.extend(reading.findings)
        document = reading.document
        if document is None:
            continue
        if isinstance(document, Product):
            product = imported(document, reading.path, contracts, scale)
            findings.extend(product.findings)
            used |= product.used
            document = product.product
        entries.append((reading.path, document))
    findings.extend(unused(contracts, used))
    doubtful = frozenset().union(*(reading.names for reading in readings))
    unchecked = UncheckedMesh(tuple(entries), doubtful, today)
    findings.extend(check(unchecked))
    errors = {finding.rule for finding in findings if finding.severity == "error"}
    # To know every rule takes importing every check, formatter and renaming of the language: few meshes need it.
    borne = {rule.id for rule in rules().values() if rule.by_day} if is_standing and errors else set[str]()
    broken = not errors <= borne
    silent = {rule.id for rule in rules().values() if rule.when_sound} if broken else set[str]()
    if any(finding.rule == NO_FOLDER.id for finding in findings):
        # Of a folder that is not there nothing else is to be said.
        silent.add(NO_SETTINGS.id)
    told = sorted({finding for finding in findings if finding.rule not in silent}, key=_by_place)
    mesh = None if broken or unchecked.mesh is None else in_force(unchecked.mesh, today)
    return Loaded(mesh, tuple(told))


def _by_place(finding: Finding) -> tuple[Origin, str, str]:
    return finding.origin or Origin("", 1, 1), finding.rule, finding.message
