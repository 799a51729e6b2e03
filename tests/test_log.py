"""The log: one line an entry, whatever others wrote; and no secret in it, wherever one may stand."""

from __future__ import annotations

import logging
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.log import HIDDEN, LOG, is_secret, kept, without_secrets

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
secrets = st.text(SIGNS + "/+", min_size=20, max_size=60)
words = st.text(SIGNS + " .,:;\"'{}", max_size=20)
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info |debug) [\x20-\x7e]*")
NAMES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN", "DB_PASSWORD", "MY_PRIVATE_KEY")
FORMS = (
    "https://ada:{}@proxy.example.com:8080/",
    "https://bucket.s3.amazonaws.com/key?X-Amz-Expires=60&X-Amz-Signature={}&x=1",
    "https://host/file?X-Amz-Security-Token={}",
    "Authorization: Bearer {}",
    "ghp_{}",
    "github_pat_{}",
    "glpat-{}",
)


@given(secrets, words, words, st.sampled_from(NAMES))
def test_what_a_variable_holds_is_in_no_line(secret: str, before: str, after: str, name: str) -> None:
    assert secret not in without_secrets(f"{before}{secret}{after}{secret}", {name: secret})


@given(st.text(SIGNS, min_size=20, max_size=60), words.filter(lambda text: len(text) < 20), st.sampled_from(FORMS))
def test_what_looks_like_a_secret_is_in_no_line(secret: str, around: str, form: str) -> None:
    said = without_secrets(f"{around} {form.format(secret)} {around}", {})
    assert secret not in said
    assert HIDDEN in said


def test_a_token_of_a_job_is_in_no_line() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmFjbWUvbWVzaCJ9.c2lnbmF0dXJl"
    assert without_secrets(f"it sent {token} to", {}) == f"it sent {HIDDEN} to"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("WebIdentityToken", True),
        ("SAMLAssertion", True),
        ("SecretAccessKey", True),
        ("--db-password", True),
        ("PASSWORD", True),
        ("AWS_ACCESS_KEY_ID", False),
        ("NextToken", False),
        ("ContinuationToken", False),
        ("ClientToken", False),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", False),
        ("KeyId", False),
    ],
)
def test_secrets_by_name(name: str, secret: bool) -> None:
    assert is_secret(name) == secret


@given(st.text(max_size=80))
def test_an_entry_is_one_line(said: str) -> None:
    lines: list[str] = []
    handler = logging.Handler()
    with kept("info", Path("/dev/null")):
        handler.setFormatter(LOG.handlers[-1].formatter)
        handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
        LOG.addHandler(handler)
        LOG.info("%s", said)
        LOG.removeHandler(handler)
    (line,) = lines
    assert LINE.fullmatch(line)


def test_the_file_is_its_owners_alone_and_grows(tmp_path: Path) -> None:
    file = tmp_path / "log"
    for said in ("one", "two"):
        with kept("info", file):
            LOG.info(said)
            LOG.debug("louder")
    assert [line.split()[2] for line in file.read_text().splitlines()] == ["one", "two"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [
        each for each in LOG.handlers if isinstance(each, logging.FileHandler) and each.baseFilename == str(file)
    ]
    assert not LOG.isEnabledFor(logging.INFO)
