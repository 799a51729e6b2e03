"""Settings of tables: what decides nothing stays whoever set it, and every place that one names is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.table_settings import decides, deciding, free, places_in

KEYS = st.sampled_from(
    [
        "EXTERNAL",
        "comment",
        "numRows",
        "meshform:mesh",
        "projection.day.type",
        "mapping.a",
        "columns",
        "path",
        "numrows",
    ]
) | st.text(min_size=1)
SETTINGS = st.dictionaries(KEYS, st.text())


@given(SETTINGS)
def test_each_setting_decides_or_is_free(settings: dict[str, str]) -> None:
    assert {**free(settings.items()), **dict(deciding(settings.items()))} == settings
    assert not any(decides(key) for key in free(settings.items()))


@given(st.text(min_size=1))
def test_what_nobody_knows_decides(key: str) -> None:
    assert decides(f"{key}.unheard-of")


@given(KEYS, st.sampled_from(["s3", "s3a", "s3n", "S3"]), st.text("ab/", min_size=1), st.booleans())
def test_a_place_is_found_under_any_setting_that_decides(key: str, scheme: str, path: str, varied: bool) -> None:
    told = [*places_in([(key, f"{scheme}://bucket/{path}{'/x=${x}/y' if varied else ''}")])]
    assert told == ([(key, f"bucket/{path}".rstrip("/") + "/")] if decides(key) else [])


@pytest.mark.parametrize("value", ["", "raw/", "https://x/y.avsc", "hdfs://x/y", "file:/x"])
def test_a_setting_that_has_to_be_a_place_and_is_none_in_s3_names_none(value: str) -> None:
    assert [*places_in([("path", value), ("columns", value)])] == [("path", "")]
