"""Teams: who belongs together in an account, and who answers for something, by tags, paths and names of roles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.naming import slug

_KEYS = ("consumer", "team", "squad", "project", "department", "owner")
"""AWS tags of roles that say for whom somebody works, the surest first."""
_OWNERS = ("owner", "team", "contact", "squad", "department")
_NAME = re.compile(r":(?:role|user)/(?P<path>(?:[^/]+/)*)(?P<name>[^/]+)$")


def groups_of(evidence: Evidence, arns: Iterable[str]) -> Mapping[str, list[str]]:
    """Who works together: by what people say, else by a tag, by the path or by the name; those of no group under ""."""
    groups: dict[str, list[str]] = {}
    rest: list[str] = []
    for arn in arns:
        said = chosen_consumer(evidence, arn)
        (rest if said is None else groups.setdefault(said, [])).append(arn)
    for arn, group in (_by_tag(evidence, rest) or _by_path(rest) or _by_prefix(evidence, rest)).items():
        groups.setdefault(group, []).append(arn)
        rest.remove(arn)
    if rest:
        groups[""] = rest
    return groups


def chosen_consumer(evidence: Evidence, arn: str) -> str | None:
    """The consumer that people chose for somebody; documents know the role of a permission set without its end."""
    names = evidence.names
    return names.chosen(f"consumer {arn}") or names.chosen(f"consumer {evidence.said_of(arn)}")


def owner_of(evidence: Evidence, arns: Iterable[str]) -> str | None:
    """Who answers for some roles: what all of them that say it say."""
    tags = [{key.lower(): value for key, value in evidence.role_tags(arn).items()} for arn in arns]
    for key in _OWNERS:
        said = {each[key] for each in tags if each.get(key, "").strip()}
        if len(said) == 1:
            return said.pop().strip()
    return None


def _by_tag(evidence: Evidence, arns: Collection[str]) -> Mapping[str, str]:
    """By the first key that tells some of them from others."""
    tags = {arn: {key.lower(): value for key, value in evidence.role_tags(arn).items()} for arn in arns}
    people = [arn for arn in arns if _NAME.search(arn)]
    for key in _KEYS:
        groups = {arn: slug(tags[arn][key]) for arn in people if tags[arn].get(key, "").strip()}
        if len(set(groups.values())) > 1 or (groups and len(groups) < len(people)):
            return groups
    return {}


def _by_path(arns: Collection[str]) -> Mapping[str, str]:
    """By the last folder of their paths, where those are several."""
    found = {arn: _NAME.search(arn) for arn in arns}
    paths = {arn: each["path"].rstrip("/").rpartition("/")[2] for arn, each in found.items() if each and each["path"]}
    groups = {arn: slug(folder) for arn, folder in paths.items() if not _is_awss(arn)}
    return groups if len(set(groups.values())) > 1 else {}


def _by_prefix(evidence: Evidence, arns: Collection[str]) -> Mapping[str, str]:
    """By the first word of their names, where everybody has one, two and more share each, and no two share data."""
    found = {arn: _NAME.search(arn) for arn in arns}
    words = {arn: re.split(r"[-_.]", each["name"], maxsplit=1) for arn, each in found.items() if each}
    groups = {arn: slug(parts[0]) for arn, parts in words.items() if len(parts) > 1}
    sizes = [sum(each == group for each in groups.values()) for group in set(groups.values())]
    if len(groups) < len(words) or len(sizes) < 2 or min(sizes) < 2:
        return {}
    holders: dict[object, set[str]] = {}
    for arn, group in groups.items():
        for target in evidence.targets_of(arn):
            holders.setdefault(target, set()).add(group)
    return groups if all(len(each) == 1 for each in holders.values()) else {}


def _is_awss(arn: str) -> bool:
    """Whether the path is one of AWS's own, or Meshform's."""
    return any(f":role/{path}/" in arn for path in ("aws-reserved", "aws-service-role", "service-role", "meshform"))
