"""The image: pinned, without root, and its steps, played without a container tool, make a Meshform that runs."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass

import pytest

from tests.estate import ROOT
from tests.release.conftest import TOOLS, Machine, Release, ran

pytestmark = pytest.mark.release


@dataclass(frozen=True)
class Instruction:
    word: str
    rest: str


def instructions() -> list[Instruction]:
    """Those of the Containerfile, continued lines as one."""
    lines = [line for line in (ROOT / "Containerfile").read_text().splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [Instruction(*line.split(None, 1)) for line in whole.splitlines() if line.strip()]


def named(word: str) -> list[str]:
    return [each.rest for each in instructions() if each.word == word]


def test_it_is_pinned_by_digest_to_one_base_of_glibc() -> None:
    bases = {rest.split(" AS ")[0] for rest in named("FROM")}
    (base,) = bases
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)
    assert "alpine" not in base
    assert named("ADD") == []


def test_hadolint_is_content() -> None:
    ran(TOOLS / "hadolint", "Containerfile", where=ROOT)


def test_it_runs_as_nobody_and_knows_no_secret() -> None:
    last = max(at for at, each in enumerate(instructions()) if each.word == "FROM")
    final = instructions()[last:]
    (user,) = [each.rest for each in final if each.word == "USER"]
    assert int(user.split(":")[0]) > 0
    after = final[[each.word for each in final].index("USER") :]
    assert {each.word for each in after} <= {"USER", "ENV", "WORKDIR", "ENTRYPOINT", "CMD"}, "root does nothing later"
    assert [each.rest for each in final if each.word == "ENTRYPOINT"] == ['["meshform"]']
    assert not re.search(r"(?i)token|secret|password", (ROOT / "Containerfile").read_text())


def test_it_is_labelled_as_the_image_specification_names_things() -> None:
    """https://github.com/opencontainers/image-spec/blob/main/annotations.md"""
    labels = dict(part.split("=", 1) for part in shlex.split(" ".join(named("LABEL"))))
    assert {key.removeprefix("org.opencontainers.image.") for key in labels} == {
        "title",
        "description",
        "licenses",
        "version",
        "revision",
        "created",
    }
    assert {f"${{{name}}}" for name in named("ARG")} <= {*labels.values()}


def test_what_it_copies_is_all_that_it_is_given() -> None:
    given = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for rest in named("COPY") if "--from" not in rest for word in rest.split()[:-1]}
    assert given == copied


def test_its_steps_make_a_meshform_that_runs(machine: Machine, release: Release) -> None:
    """The folders of the image are folders of the empty machine; apt and the system's git settings are left out."""
    build, opt = machine.home / "build", machine.home / "opt"
    build.mkdir()
    for path in (ROOT / "requirements-uv.lock", ROOT / "reconciler/scaffold/files/requirements.lock", release.wheel):
        shutil.copy(path, build)
    machine.environment("python")
    path = f"{machine.home / 'python' / 'bin'}:{machine.env['PATH']}"
    played = 0
    for step in named("RUN"):
        if step.startswith("python -m venv"):
            here = step.replace("/build/", f"{build}/").replace("/opt/", f"{opt}/")
            machine.runs("sh", "-e", "-c", here, PATH=path)
            played += 1
    assert played == 2
    said = machine.runs(opt / "meshform" / "bin" / "meshform", "--version")
    assert f"commit {release.commit}\n" in said
    assert "Extras: policy, site\n" in said
