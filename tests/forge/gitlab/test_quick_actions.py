"""Nothing that we send makes GitLab do something, whatever stands in it."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from reconciler.forge.gitlab.quick_actions import without_actions
from reconciler.report.markdown import inline

#: What lib/gitlab/quick_actions/extractor.rb of gitlab-org/gitlab takes for one, outside of code and quotes.
ACTION = re.compile(r"^/\w+(?: [^\n]*)?\s*$", re.MULTILINE)
PARTS = st.sampled_from(
    ["/merge", "/approve", "/close now", "\n", "\r", "\r\n", " ", "x", "```", "|", "\u2028", "\x0b"]
)


@given(st.lists(PARTS, max_size=8).map("".join))
def test_no_line_begins_with_a_slash_and_all_of_the_text_is_there(text: str) -> None:
    safe = without_actions(text)
    assert not ACTION.search(safe)
    assert not any(line.startswith("/") for line in safe.splitlines())
    # A separator of lines that is none for GitLab becomes one.
    assert safe.replace("\u200b", "").split() == text.replace("\r", "").split()


def test_a_text_without_them_stays_as_it_is() -> None:
    text = "<!-- m -->\n\n- a/b\n| /x |\n"
    assert without_actions(text) == text


def test_what_others_have_written_refers_to_nothing() -> None:
    """After Markdown is read, GitLab takes a sign and what follows for a merge request, a snippet, an epic, a label."""
    said = unescape(without_actions(inline('see !12 $3 &4 ~bug ~"two words" @ada #5')))
    assert not re.search(r'[!$&~](?=[\w"])|@(?=\w)|#(?=\d)', said)
    assert said.replace("\u200b", "") == 'see !12 $3 &4 ~bug ~"two words" @ada #5'
