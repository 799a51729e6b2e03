"""Raw answers that are disguised name nobody, whatever people call their things, and still fit together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.doctor.disguise import disguised
from reconciler.kinds import registry
from reconciler.snapshots.redact import known_words

WORD = re.compile(r"[^\W_]+")
KNOWN = known_words(registry())
ACCOUNTS = st.from_regex(r"[1-9][0-9]{11}", fullmatch=True)
NAMES = st.one_of(
    st.from_regex(r"[a-z][a-z0-9_-]{2,20}", fullmatch=True),
    st.text(st.characters(categories=("Lu", "Ll", "Nd", "Lo")), min_size=3, max_size=12),
    st.builds("{}@{}.org".format, *[st.from_regex(r"[a-z]{3,9}", fullmatch=True)] * 2),
)


def entry(account: str, name: str) -> dict[str, Any]:
    """A request with its answer, in which somebody's account and name stand in all sorts of places."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    return {
        "role": "plan",
        "account": account,
        "region": "eu-west-1",
        "request": "lakeformation.GetDataLakeSettings",
        "params": {"CatalogId": account, "Table": {"DatabaseName": name, "Name": f"{name}_{account}"}},
        "answer": {"DataLakeSettings": {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": arn}], name: account}},
        "code": "AccessDeniedException",
        "message": f"User: {arn} is not authorized on s3://{name}-{account}/{name}/x",
    }


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, each in value.items():
                yield key
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)


@settings(max_examples=30, deadline=None)
@given(people=st.lists(st.tuples(ACCOUNTS, NAMES), min_size=1, max_size=4))
def test_no_account_name_address_or_arn_is_left(people: list[tuple[str, str]]) -> None:
    raw = [entry(account, name) for account, name in people]
    said = disguised([*raw, *raw])
    assert said[: len(raw)] == said[len(raw) :]
    own = {word.casefold() for person in people for part in person for word in WORD.findall(part)}
    own = {word for word in own - KNOWN if not (word.isdecimal() and len(word) <= 4)}
    left = own & {word.casefold() for text in texts(said) for word in WORD.findall(text)}
    assert left == set(), json.dumps(said)
    for before, after in zip(raw, said, strict=False):
        assert (after["request"], after["code"], after["role"]) == (before["request"], before["code"], before["role"])
        (admin,) = after["answer"]["DataLakeSettings"]["DataLakeAdmins"]
        assert f":{after['account']}:" in admin["DataLakePrincipalIdentifier"]
        table = after["params"]["Table"]
        assert table["Name"] == f"{table['DatabaseName']}_{after['account']}"
