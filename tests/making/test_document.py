"""Documents from answers: whatever is said is read back as that text, and lies where its kind lies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.making.document import path_of, text_of
from reconciler.spec.document_loader import read
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.team import Team
from reconciler.spec.language.format import formatted
from reconciler.spec.yaml.source import Source

ODD = st.sampled_from(
    ["no", "012345678901", "1e3", "0o17", "2026-01-01", "a: b", "# x", "- x", "{x}", "a,b", "x ", "'", "~"]
)


@given(words=st.text(min_size=1, max_size=20) | ODD)
def test_what_is_said_is_read_back(words: str) -> None:
    source = Source("teams/x.yaml", text_of(Team, {"name": "x", "description": words, "members": ["a"]}).encode())
    found = read(source)
    if isinstance(found.document, Team):
        assert found.document.description == words
        assert formatted(source) == source.content
    else:
        assert [finding.rule for finding in found.findings] == ["empty-text"]


@given(digits=st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_an_id_stays_text(digits: str) -> None:
    text = text_of(Account, {"name": "1e3", "id": digits, "parts": ["producer", "consumer"]})
    document = read(Source("accounts/x.yaml", text.encode())).document
    assert isinstance(document, Account)
    assert (document.id, document.name, document.parts) == (digits, "1e3", ("producer", "consumer"))


def test_each_lies_in_the_folder_of_its_kind() -> None:
    assert path_of(Account, {"name": "x"}) == "accounts/x.yaml"
    assert path_of(Consumer, {"name": "x"}) == "consumers/x/consumer.yaml"
    assert path_of(Product, {"name": "x", "domain": "d"}) == "domains/d/products/x.yaml"
