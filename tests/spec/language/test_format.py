"""The canonical form: fields in order, comments kept, the same meaning, and stable."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.language.format import formatted
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import Source, folder_sources
from tests.spec.small import FILES

BEFORE = """\
# yaml-language-server: $schema=product.schema.json
kind: Product   # what it is


apiVersion: meshform/v1
# about the tables
tables:
# the first
- tags: {b: 1, a: 2}   # kept as written
  # its name
  name: one
  description: |
     kept

       as it is
# the second
-
  name: two
  columns:
        - type: int
          # the column
          name: x
        -   name: y
            type: string
  description: >-
    folded
    text
owner: "several
  lines"
name: p
domain: d
# the end
"""
AFTER = """\
# yaml-language-server: $schema=product.schema.json

apiVersion: meshform/v1
kind: Product   # what it is
name: p
domain: d
owner: "several
  lines"
# about the tables
tables:
  # the first
  # its name
  - name: one
    description: |
       kept

         as it is
    tags: {b: 1, a: 2}   # kept as written
  # the second
  - name: two
    description: >-
      folded
      text
    columns:
      # the column
      - name: x
        type: int
      - name: y
        type: string
# the end
"""


def form(text: str) -> str | None:
    found = formatted(Source("a.yaml", text.encode()))
    return None if found is None else found.decode()


def test_fields_are_put_in_order_and_comments_go_with_them() -> None:
    assert form(BEFORE) == AFTER


def test_the_canonical_form_is_its_own() -> None:
    assert form(AFTER) == AFTER


def test_free_mappings_keep_their_order() -> None:
    text = "apiVersion: meshform/v1\nkind: Mesh\ntags:\n  z: 1\n  a: 2\n"
    assert form(text) == text


BELOW = """\
apiVersion: meshform/v1
kind: Product
tables:
  - columns:
      - type: int
        name: x
        # tags: {sensitivity: internal}

        # as was agreed
      - {name: y, type: int}
        # of y
      # no more columns
    name: one
    # description: One.
  # no more tables
name: p
  # of the name
# the end
"""
PUT_BELOW = """\
apiVersion: meshform/v1
kind: Product
name: p
  # of the name
tables:
  - name: one
    columns:
      - name: x
        type: int
        # tags: {sensitivity: internal}

        # as was agreed
      - {name: y, type: int}
        # of y
      # no more columns
    # description: One.
  # no more tables
# the end
"""


def test_comments_at_the_end_of_an_entry_stay_in_it() -> None:
    assert form(BELOW) == PUT_BELOW
    assert form(PUT_BELOW) == PUT_BELOW


ENTRIES = st.lists(st.permutations(["name", "type", "description"]), min_size=1, max_size=3)


@given(ENTRIES, st.sampled_from(["", " ", "  "]), st.sampled_from(["- ", "-   "]), st.booleans())
def test_a_comment_ends_the_entry_that_it_ended(names: list[list[str]], by: str, dash: str, blank: bool) -> None:
    """Whatever the order of its fields was, and however far it was indented."""
    lines = ["apiVersion: meshform/v1", "kind: Product", "name: p", "tables:", "  - name: t", "    columns:"]
    for number, fields in enumerate(names):
        begins = f"    {by}{dash}"
        lines += [(begins if at == 0 else " " * len(begins)) + f"{name}: c{number}" for at, name in enumerate(fields)]
        lines += [""] * blank + [" " * len(begins) + f"# of c{number}"]
    once = form("\n".join(lines) + "\n")
    assert once is not None
    assert form(once) == once
    told = [line.split()[-1] for line in once.splitlines() if "c0" in line or "c1" in line or "c2" in line]
    assert told == [f"c{number}" for number in range(len(names)) for _ in range(4)]
    assert [line for line in once.splitlines() if "# of" in line] == [
        f"        # of c{number}" for number in range(len(names))
    ]


@pytest.mark.parametrize("text", ["a: [", "", "- a", "a: 1", "kind: Nothing", "kind: Mesh\nkind: Mesh"])
def test_what_is_no_document_is_left_alone(text: str) -> None:
    assert form(text) is None


def test_lines_end_as_on_unix() -> None:
    assert form("kind: Mesh  \r\n\r\n\r\nname: x\r\n") == "kind: Mesh\n\nname: x\n"


def test_the_example_mesh_is_in_canonical_form() -> None:
    mesh = Path(__file__).parents[3] / "mesh"
    sources = [each for each in folder_sources(mesh) if isinstance(each, Source)]
    assert sources
    assert [source.path for source in sources if formatted(source) != source.content] == []


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    """A document of the small mesh with its top fields in another order, comments and blank lines between."""
    path = draw(st.sampled_from(sorted(FILES)))
    blocks: list[list[str]] = []
    for line in FILES[path].splitlines():
        if line[0] in " -":
            blocks[-1].append(line)
        else:
            blocks.append([line])
    lines = []
    for block in draw(st.permutations(blocks)):
        lines += draw(st.lists(st.sampled_from(["# a comment", "", "  # indented"]), max_size=2))
        lines += [line + draw(st.sampled_from(["", " ", "  # note"])) for line in block]
    return "\n".join(lines) + "\n"


@settings(max_examples=200, deadline=None)
@given(shuffled())
def test_formatting_keeps_the_meaning_and_every_comment_and_is_stable(text: str) -> None:
    once = form(text)
    assert once is not None
    assert parse(Source("a", once.encode()))[0] == parse(Source("a", text.encode()))[0]
    assert once.count("#") == text.count("#")
    assert form(once) == once


YAMLISH = st.text(alphabet=st.sampled_from(list("ab:-?[]{}|>'\"# \n")), max_size=50)


@settings(max_examples=500, deadline=None)
@given(YAMLISH)
def test_no_text_is_harmed(text: str) -> None:
    whole = f"kind: Mesh\n{text}"
    found = form(whole)
    if found is not None:
        assert parse(Source("a", found.encode()))[0] == parse(Source("a", whole.encode()))[0]
        assert form(found) == found


@pytest.mark.parametrize("item", ["-", "- # why", "-\n  # why", "- ~ # why"])
def test_a_document_with_an_item_that_says_nothing_is_left_as_it_is(item: str) -> None:
    text = f"apiVersion: meshform/v1\nkind: Subscription\nname: x\nprincipals:\n  - a\n  {item}\n  - b\n".encode()
    made = formatted(Source("x.yaml", text))
    assert made is None or parse(Source("x.yaml", made))[0] == parse(Source("x.yaml", text))[0]
