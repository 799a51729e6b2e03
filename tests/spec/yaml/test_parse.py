"""YAML as JSON knows it: core scalars, places, and nothing that explodes or hangs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.yaml.parse import MAX_FINDINGS, parse
from reconciler.spec.yaml.source import Source
from tests.counted import work


def value(text: str) -> object:
    found, _, findings = parse(Source("a.yaml", text.encode()))
    assert findings == []
    return found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0x1F", 31),
        ("012", 12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("on", "on"),
        ("2027-06-30", "2027-06-30"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("=", "="),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, meant: object) -> None:
    found = value(f"a: {text}")
    assert found == {"a": meant}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(meant)


def test_places_are_of_keys_in_mappings_and_of_values_in_lists() -> None:
    _, place, _ = parse(Source("a.yaml", b"one:\n  two: {three: [x, {y: z}]}\n", "mesh"))
    assert place is not None
    assert str(place.at("one")) == "mesh/a.yaml:1:1"
    assert str(place.at("one", "two", "three")) == "mesh/a.yaml:2:9"
    assert str(place.at("one", "two", "three", 1)) == "mesh/a.yaml:2:20"
    assert str(place.at("one", "two", "three", 1, "y")) == "mesh/a.yaml:2:21"
    assert str(place.at("one", "two", "missing", 7)) == "mesh/a.yaml:2:3"


def test_an_alias_bomb_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    source = Source("a.yaml", "\n".join(lines).encode())
    assert work(lambda: parse(source)) < 10 * len(source.content)
    _, _, findings = parse(source)
    assert {finding.rule for finding in findings} == {"yaml-alias"}
    assert len(findings) == MAX_FINDINGS


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[[],", "a: &x ", "!t ", '"', "'", "|\n ", "{", "*a ", "\n"])
def test_a_megabyte_of_one_sign_does_not_hang(unit: str) -> None:
    """Four times the text is at most four times the work, and a megabyte comes to an end."""
    once, often = (
        work(lambda size=size: parse(Source("a.yaml", (unit * (size // len(unit))).encode())))  # type: ignore[misc]
        for size in (2**14, 2**16)
    )
    assert often < 4.4 * once + 1000
    parse(Source("a.yaml", (unit * (2**20 // len(unit))).encode()))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_parser(content: bytes) -> None:
    found, place, findings = parse(Source("a.yaml", content))
    assert (place is None) == bool(findings)
    assert all(finding.origin and finding.origin.line >= 1 and finding.origin.column >= 1 for finding in findings)
    if findings:
        assert found is None


YAMLISH = st.text(alphabet=st.sampled_from(list("ab:-?[]{},&*!|>'\"%@`#~<= \n\t0é")), max_size=60)


@settings(max_examples=500, deadline=None)
@given(YAMLISH)
def test_no_text_that_looks_like_yaml_crashes_the_parser(text: str) -> None:
    _, place, findings = parse(Source("a.yaml", text.encode()))
    lines = text.count("\n") + 2
    assert (place is None) == bool(findings)
    assert all(finding.origin and finding.origin.line <= lines for finding in findings)
