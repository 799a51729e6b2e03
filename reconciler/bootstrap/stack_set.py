"""One template for all accounts but the central one, for a StackSet, and the parameters of each account.

Accounts whose templates differ only in what they name are one profile. What they name differently are parameters.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reconciler.bootstrap.conditions import Conditions
from reconciler.kinds.common.policy_document import listed
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

Template = dict[str, Any]

NONE = "none"
"""The profile of an account that nobody gives one: nothing is made there."""
_HERE = "${AWS::AccountId}"
_LARGEST = 4_096
"""Characters of a parameter. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


@dataclass(frozen=True, slots=True)
class StackSet:
    """A template, and by the account's name what its parameters are there."""

    template: Template
    parameters: Mapping[str, Mapping[str, str]]


def stack_set(mesh: Mesh, templates: Mapping[str, Template]) -> StackSet:
    """Of templates by account, the one that makes in each account, with its parameters, what its own makes."""
    accounts = mesh.accounts
    nothing = f"arn:{partition(mesh.region)}:iam::000000000000:role/{NONE}"
    local = {name: _local(made["Resources"], accounts[name].id) for name, made in templates.items()}
    profiles = _profiles(accounts, local)
    parameters, resources = dict[str, dict[str, str]](), dict[str, dict[str, Any]]()
    for profile, names in profiles.items():
        made, given = _with_parameters({name: local[name] for name in names})
        resources[profile] = made
        for name in names:
            values = {key: _plain(",".join(each), accounts[name].id) for key, each in given[name].items()}
            parameters[name] = {"Profile": profile, **values}
    lists = dict.fromkeys(key for given in parameters.values() for key in given if key != "Profile")
    conditions = Conditions("Profile", tuple(profiles))
    merged = {name: _merged(name, resources, conditions) for name in _names(resources)}
    known = conditions.of(tuple(profiles))
    return StackSet(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": f"Roles with which Meshform keeps the mesh {mesh.name} in its accounts",
            "Parameters": {
                "Profile": {
                    "Type": "String",
                    "AllowedValues": [NONE, *profiles],
                    "Default": NONE,
                    "Description": "Which sort of account this is. Without it nothing is made.",
                },
                **{key: {"Type": "CommaDelimitedList", "Default": nothing} for key in lists},
            },
            "Conditions": conditions.written(),
            "Resources": merged,
            "Outputs": {
                key: {"Condition": known, **value} for key, value in next(iter(templates.values()))["Outputs"].items()
            },
        },
        parameters,
    )


def _local(value: Any, account: str) -> Any:
    """With the pseudo parameter in the place of the account's id, in the syntax of Fn::Sub."""
    match value:
        case str():
            return value.replace("${", "${!").replace(account, _HERE)
        case list():
            return [_local(each, account) for each in value]
        case dict():
            return {key: _local(each, account) for key, each in value.items()}
    return value


def _plain(text: str, account: str) -> str:
    """The text without the syntax of Fn::Sub, which the values of parameters have not."""
    return text.replace(_HERE, account).replace("${!", "${")


def _profiles(accounts: Mapping[str, Account], local: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names of accounts by profile: their parts, numbered where such accounts differ in more than names."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name in sorted(local):
        parts = "".join(part.title() for part in sorted(accounts[name].parts))
        alike.setdefault((parts, _skeleton(local[name])), []).append(name)
    found = dict[str, list[str]]()
    for parts, group in groupby(sorted(alike.items(), key=lambda each: each[0][0]), key=lambda each: each[0][0]):
        for number, (_, names) in enumerate(group, 1):
            found[f"{parts}{number if number > 1 else ''}"] = names
    return found


def _skeleton(resources: Mapping[str, Any]) -> str:
    """What accounts of one profile have in common: all but what statements are about. What is no parameter stays."""
    bare = {
        name: _about(each, [None if _fits(one["Resource"]) else one["Resource"] for one in _statements(each)])
        for name, each in resources.items()
    }
    return json.dumps(bare, sort_keys=True)


def _fits(about: Any) -> bool:
    """Whether the resources of a statement can be the value of a parameter, which cuts at commas."""
    found = listed(about)
    whole = all(each and "," not in each and each == each.strip() for each in found)
    return bool(found) and whole and len(",".join(found)) <= _LARGEST


def _with_parameters(alike: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, list[str]]]]:
    """The resources of a profile, and by account and parameter what differs; what differs alike is one parameter."""
    given: dict[str, dict[str, list[str]]] = {account: {} for account in alike}
    names, made = dict[str, str](), dict[str, Any]()
    for name, first in next(iter(alike.values())).items():
        abouts = list[Any]()
        for row in zip(*(_statements(each[name]) for each in alike.values()), strict=True):
            values = [listed(each["Resource"]) for each in row]
            if all(each == values[0] for each in values):
                abouts.append(row[0]["Resource"])
                continue
            stem = f"{listed(row[0]['Action'])[0].partition(':')[0].title()}Resources"
            number = sum(each.startswith(stem) for each in names.values()) + 1
            parameter = names.setdefault(json.dumps(values), f"{stem}{number}")
            for account, value in zip(alike, values, strict=True):
                given[account][parameter] = value
            abouts.append({"Ref": parameter})
        made[name] = _about(first, abouts)
    return made, given


def _statements(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those statements of a policy that name resources."""
    document = resource["Properties"].get("PolicyDocument", {"Statement": []})
    return [each for each in document["Statement"] if "Resource" in each]


def _about(resource: Mapping[str, Any], abouts: list[Any]) -> dict[str, Any]:
    """A policy of which those statements name other resources, in their order; what is no policy, as it is."""
    own, rest = resource["Properties"], iter(abouts)
    if "PolicyDocument" not in own:
        return dict(resource)
    document = own["PolicyDocument"]
    some = [{**each, "Resource": next(rest)} if "Resource" in each else each for each in document["Statement"]]
    return {**resource, "Properties": {**own, "PolicyDocument": {**document, "Statement": some}}}


def _names(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for made in resources.values() for name in made))


def _merged(name: str, resources: Mapping[str, Mapping[str, Any]], conditions: Conditions) -> dict[str, Any]:
    """A resource of all profiles that have it: each property as the profile has it."""
    have = {profile: made[name] for profile, made in resources.items() if name in made}
    keys = dict.fromkeys(key for each in have.values() for key in each["Properties"])
    properties = {
        key: conditions.choice({profile: _written(each["Properties"].get(key)) for profile, each in have.items()})
        for key in keys
    }
    first = next(iter(have.values()))
    return {**first, "Condition": conditions.of(tuple(have)), "Properties": properties}


def _written(value: Any) -> Any:
    """As a template writes it: Fn::Sub where the account's id, or a sign of its syntax, is in a text."""
    match value:
        case str():
            return {"Fn::Sub": value} if "${" in value else value
        case list():
            return [_written(each) for each in value]
        case dict():
            return {key: _written(each) for key, each in value.items()}
        case None:
            return {"Ref": "AWS::NoValue"}
    return value
