"""A target as fields is the same target again, whatever it is on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.lakeformation import (
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.target_fields import target_fields, targets_of
from reconciler.spec.documents.adopted import AdoptedResource

HOME = "111111111111"
_CATALOG = st.sampled_from([HOME, "222222222222"])
_WORD = st.sampled_from(["a", "s3tablescatalog/lake/ns", "größe", "my table", "TAG", "of"])
_COLUMNS = st.sets(_WORD, min_size=1).map(lambda names: tuple(sorted(names)))
_TERMS = st.dictionaries(
    st.sampled_from(["level", "team"]), st.sets(st.sampled_from(["a", "b"]), min_size=1), min_size=1
)
_OF = st.sampled_from(["DATABASE", "TABLE"])
TARGETS: st.SearchStrategy[Target] = st.one_of(
    st.builds(OnCatalog, _CATALOG),
    st.builds(OnDatabase, _CATALOG, _WORD),
    st.builds(OnTable, _CATALOG, _WORD, st.one_of(_WORD, st.just("*"))),
    st.builds(OnColumns, _CATALOG, _WORD, _WORD, _COLUMNS, st.booleans()),
    st.builds(OnFilter, _CATALOG, _WORD, _WORD, _WORD),
    st.builds(OnLocation, _CATALOG, st.just("arn:aws:s3:::lake/raw")),
    st.builds(OnTag, _CATALOG, st.just("level"), st.sampled_from(["a", "*"])),
    st.builds(OnTagPolicy, _CATALOG, _OF, _TERMS.map(expression)),
    st.builds(OnSavedExpression, _CATALOG, _OF, _WORD),
    st.builds(OnOther, _CATALOG, st.just('{"New": {"Name": "x"}}')),
)


@given(TARGETS)
def test_fields_say_their_target_and_so_do_documents(target: Target) -> None:
    fields = target_fields(target, HOME)
    assert list(targets_of(fields, HOME)) == [target]
    document = AdoptedResource.model_validate(fields)
    assert list(targets_of(dict(document), HOME)) == [target]
