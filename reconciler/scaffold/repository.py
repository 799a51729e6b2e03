"""repository: the files of a new mesh repository, from templates and the models of the mesh language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from reconciler.errors import MeshformError
from reconciler.forge.protocol import ForgeName
from reconciler.owners.codeowners import codeowners
from reconciler.owners.handles import Handles
from reconciler.scaffold.answers import Answers
from reconciler.scaffold.policies import STARTING, PolicyWords, starting_policy
from reconciler.scaffold.source import UNKNOWN
from reconciler.scaffold.template import filled
from reconciler.spec.language.json_schema import schemas, text
from reconciler.spec.load import load
from reconciler.spec.yaml.source import Source

LOCKS = ("requirements.lock", "requirements-sandbox.lock")
"""What jobs install, and what a laptop needs for the simulated AWS, each package with its hashes."""

# Where the documents of a kind lie, for the editor.
_GLOBS = {
    "mesh": "mesh/mesh.yaml",
    "account": "mesh/accounts/*.yaml",
    "lftag": "mesh/lf-tags/*.yaml",
    "adopted": "mesh/adopted/*.yaml",
    "policy": "mesh/policies/*.yaml",
    "exception": "mesh/exceptions/*.yaml",
    "suspension": "mesh/suspensions/*.yaml",
    "team": "mesh/teams/*.yaml",
    "domain": "mesh/domains/*/domain.yaml",
    "product": "mesh/domains/*/products/*.yaml",
    "consumer": "mesh/consumers/*/consumer.yaml",
    "subscription": "mesh/consumers/*/subscriptions/**/*.yaml",
}


def repository(answers: Answers, today: date, requirement: str | None = None) -> dict[str, str]:
    """Every file of the repository by its path.

    `requirement` says where Meshform comes from (None: not known). Raises MeshformError for answers that make no valid
    mesh.
    """
    words = answers.words(today, version("meshform"))
    documents = _documents(answers, words)
    loaded = load(
        [Source(path.removeprefix("mesh/"), body.encode(), "mesh") for path, body in documents.items()], today
    )
    if loaded.mesh is None:
        lines = "\n".join(f"  {finding}" for finding in loaded.findings)
        raise MeshformError(f"These answers make no valid mesh:\n{lines}")
    own = _own()
    return {
        **documents,
        **edited(answers.forge),
        **generated(),
        f".{answers.forge}/CODEOWNERS": codeowners(loaded.mesh, "mesh", Handles(answers.organization)),
        ".vscode/extensions.json": _text(own / "extensions.json"),
        ".vscode/settings.json": _settings(),
        ".gitignore": _text(own / "gitignore"),
        "README.md": Template(_text(_README[answers.forge])).substitute(words),
        "requirements.txt": requirement or UNKNOWN,
    }


def generated() -> dict[str, str]:
    """The files that nobody edits: each version makes them as it needs them."""
    return {
        **{f"schemas/{name}": text(schema) for name, schema in schemas().items()},
        **{name: _text(_own() / name) for name in LOCKS},
    }


def edited(forge: ForgeName) -> dict[str, str]:
    """The files that work as they are and that people may edit: the jobs of a forge, and the commands of a laptop."""
    own = _own()
    made = {"Makefile": _text(own / "Makefile")}
    match forge:
        case "github":
            jobs = _folder(own / "workflows")
            return {
                **made,
                **{f".github/workflows/{each.name}": each.read_text(encoding="utf-8") for each in jobs},
                ".github/ISSUE_TEMPLATE/data-request.yml": _text(own / "issue-template" / "data-request.yml"),
                ".github/dependabot.yml": _text(own / "dependabot.yml"),
            }
        case "gitlab":
            return {
                **made,
                ".gitlab-ci.yml": _text(own / "gitlab" / "gitlab-ci.yml"),
                ".gitlab/issue_templates/data-request.md": _text(own / "gitlab" / "data-request.md"),
                ".gitlab/merge_request_templates/Default.md": _text(own / "gitlab" / "Default.md"),
            }


def _documents(answers: Answers, words: Mapping[str, object]) -> dict[str, str]:
    domain, consumer = f"mesh/domains/{answers.domain}", f"mesh/consumers/{answers.consumer}"
    subscriptions = f"{consumer}/subscriptions/{answers.domain}/{answers.product}/automatic"
    places = {
        "mesh/mesh.yaml": "mesh/mesh.yaml",
        "accounts/central.yaml": "mesh/accounts/central.yaml",
        "accounts/producer.yaml": f"mesh/accounts/{answers.domain}-data.yaml",
        "accounts/consumer.yaml": f"mesh/accounts/{answers.consumer}-account.yaml",
        "lf-tags/sensitivity.yaml": "mesh/lf-tags/sensitivity.yaml",
        "domain/domain.yaml": f"{domain}/domain.yaml",
        "domain/product.yaml": f"{domain}/products/{answers.product}.yaml",
        "consumer/consumer.yaml": f"{consumer}/consumer.yaml",
        "consumer/subscription.yaml": f"{subscriptions}/{answers.consumer}-{answers.product}.yaml",
    }
    templates = _own() / "mesh"
    teams = {
        answers.governance: "Decides about accounts, LF-tags, policies and teams.",
        f"{answers.domain}-stewards": f"Decides about the data of {answers.domain}.",
        f"{answers.consumer}-leads": f"Decides who reads for {answers.consumer}.",
    }
    team = _text(templates / "teams" / "team.yaml")
    made = {
        f"mesh/teams/{name}.yaml": filled(team, {**words, "team": name, "decides": decides})
        for name, decides in teams.items()
    }
    if answers.policies:
        within = ("central", f"{answers.domain}-data")
        said = PolicyWords(answers.governance, "restricted", within, f"{answers.consumer}-account")
        made |= {f"mesh/{path}": text for path, text in (starting_policy(name, said) for name in STARTING)}
    for name, place in places.items():
        made[place] = filled(_text(templates / name.removeprefix("mesh/")), words)
    return made


def _settings() -> str:
    """The editor's settings: completion and errors from the schema of each kind."""
    globs = {f"./schemas/{name}": _GLOBS[kind] for name in schemas() if (kind := name.partition(".")[0]) in _GLOBS}
    return _json({"yaml.schemas": globs, "yaml.format.enable": False, "files.insertFinalNewline": True})


def _own() -> Traversable:
    return files("reconciler.scaffold") / "files"


_README = {"github": _own() / "README.md", "gitlab": _own() / "gitlab" / "README.md"}


def _folder(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda each: each.name)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def _json(data: object) -> str:
    return json.dumps(data, indent=2) + "\n"
