"""Whether a statement of IAM speaks of something, or of anything below it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.access.state.iam_statement import Statement

BUCKET = "arn:aws:s3:::b/"
PREFIXES = st.sampled_from(["", "a/", "b/", "a/b/", "ab/a/"])


@given(st.text("ab/?", max_size=6), st.sampled_from(["", "*", "*a"]), PREFIXES)
def test_a_beginning_agrees_sign_by_sign(start: str, rest: str, prefix: str) -> None:
    """A star may end as it must, so that what stands before it decides; without one the pattern must be long enough."""
    statement = Statement(True, ("s3:GetObject",), (BUCKET + start + rest,))
    agrees = all(mine in ("?", theirs) for mine, theirs in zip(BUCKET + start, BUCKET + prefix, strict=False))
    is_long_enough = bool(rest) or len(start) > len(prefix)
    assert statement.is_about("s3:GetObject", BUCKET + prefix) == (agrees and is_long_enough)
