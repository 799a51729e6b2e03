"""Cut GitHub's OpenAPI description down to the paths that we use.

npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
python -m tests.forge.trim package/generated/api.github.com.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).with_name("api.github.com.trimmed.json")
REPO = "/repos/{owner}/{repo}"
ELSEWHERE = {"/orgs/{org}/teams/{team_slug}/members": ["get"]}
USED = {
    "/activity": ["get"],
    "/actions/artifacts": ["get"],
    "/actions/workflows/{workflow_id}/runs": ["get"],
    "/actions/artifacts/{artifact_id}/{archive_format}": ["get"],
    "/commits/{commit_sha}/pulls": ["get"],
    "/commits/{ref}/statuses": ["get"],
    "/git/commits": ["post"],
    "/git/commits/{commit_sha}": ["get"],
    "/git/ref/{ref}": ["get"],
    "/git/refs": ["post"],
    "/git/refs/{ref}": ["patch"],
    "/git/trees": ["post"],
    "/issues": ["get", "post"],
    "/issues/{issue_number}": ["patch"],
    "/issues/{issue_number}/comments": ["get", "post"],
    "/issues/comments/{comment_id}": ["patch", "delete"],
    "/pulls": ["get", "post"],
    "/pulls/{pull_number}": ["get", "patch"],
    "/pulls/{pull_number}/files": ["get"],
    "/pulls/{pull_number}/reviews": ["get"],
    "/statuses/{sha}": ["post"],
}
_WORDS = {"description", "summary", "externalDocs", "x-github", "example", "examples", "title", "tags"}


def trimmed(whole: dict[str, Any], used: dict[str, list[str]]) -> dict[str, Any]:
    """The description of the used paths and of everything that they refer to, without words for people."""
    paths: dict[str, Any] = {}
    for path, methods in used.items():
        item = whole["paths"][path]
        paths[path] = {key: value for key, value in item.items() if key in (*methods, "parameters")}
    info = {"title": whole["info"]["title"], "version": whole["info"]["version"]}
    out: dict[str, Any] = {"openapi": whole["openapi"], "info": info, "servers": whole["servers"], "paths": paths}
    components: dict[str, Any] = {}
    queue = [*_references(paths)]
    while queue:
        _, section, name = queue.pop().removeprefix("#/").split("/")
        if name not in components.setdefault(section, {}):
            components[section][name] = whole["components"][section][name]
            queue.extend(_references(components[section][name]))
    out["components"] = {key: dict(sorted(value.items())) for key, value in sorted(components.items())}
    return _silent(out, is_map=False)


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return here + [ref for key, value in node.items() if key not in _WORDS for ref in _references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in _references(value)]
    return []


def _silent(node: Any, *, is_map: bool) -> Any:
    """Without words for people. In a map of names (`properties` and the like) the keys are names, and stay."""
    if isinstance(node, list):
        return [_silent(value, is_map=False) for value in node]
    if not isinstance(node, dict):
        return node
    maps = ("properties", "paths", "schemas", "parameters", "responses", "headers", "content", "patternProperties")
    kept = {
        key: _silent(value, is_map=key in maps and not is_map)
        for key, value in node.items()
        if is_map or key not in _WORDS or "version" in node
    }
    # A response must have a description.
    return {"description": "-", **kept} if _is_response(node) and not is_map else kept


def _is_response(node: dict[str, Any]) -> bool:
    return "description" in node and not node.keys() & {"type", "in", "properties", "allOf", "anyOf", "oneOf", "url"}


if __name__ == "__main__":
    every = {**{REPO + path: methods for path, methods in USED.items()}, **ELSEWHERE}
    description = trimmed(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), every)
    OUT.write_text(json.dumps(description, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
