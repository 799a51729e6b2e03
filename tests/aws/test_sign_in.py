"""Each common mistake with credentials and environment has its sentence and the command that helps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore.exceptions import (
    ClientError,
    ConfigParseError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from reconciler.aws.sessions import Sessions
from reconciler.aws.sign_in import unreachable
from reconciler.errors import Unreachable
from reconciler.report.hints import error_lines
from tests.aws.environments import MISTAKES

STS = "https://sts.eu-west-1.amazonaws.com"
HERE = "http://127.0.0.1:5000"
PROFILE = {"AWS_PROFILE": "bank"}
SANDBOX = {"AWS_ENDPOINT_URL": HERE}


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


CASES: list[tuple[Exception, Mapping[str, str], str, str]] = [
    (NoCredentialsError(), {}, "No AWS credentials were found.", "`aws sso login`, or set AWS_PROFILE"),
    (ProfileNotFound(profile="bank"), PROFILE, "There is no AWS profile bank", "aws configure list-profiles"),
    (SSOTokenLoadError(error_msg="x"), PROFILE, "The AWS sign-in of the profile bank has ended.", "--profile bank"),
    (UnauthorizedSSOTokenError(), {}, "The AWS sign-in has ended.", "`aws sso login`"),
    (TokenRetrievalError(provider="sso", error_msg="x"), {}, "The AWS sign-in has ended.", "`aws sso login`"),
    (
        CredentialRetrievalError(provider="custom-process", error_msg="x"),
        {},
        "could not be fetched",
        "credential_process",
    ),
    (ConfigParseError(path="~/.aws/config"), {}, "The AWS settings cannot be used", "~/.aws/config"),
    (refused("ExpiredToken"), {}, "The AWS credentials have expired.", "AWS_SESSION_TOKEN"),
    (refused("InvalidClientTokenId"), {}, "AWS does not know these credentials: Inv", "aws sts get-caller-identity"),
    (refused("SignatureDoesNotMatch"), {}, "AWS does not accept the signature", "`date -u`"),
    (refused("AccessDenied"), {}, "AWS does not accept these credentials", "AWS_PROFILE"),
    (ProxyConnectionError(proxy_url="http://p"), {}, "The proxy does not let", "HTTPS_PROXY"),
    (EndpointConnectionError(endpoint_url=HERE), SANDBOX, f"AWS_ENDPOINT_URL: {HERE}", "`meshform sandbox serve`"),
    (ConnectTimeoutError(endpoint_url=HERE), SANDBOX, f"AWS_ENDPOINT_URL: {HERE}", "`unset AWS_ENDPOINT_URL`"),
    (ValueError("Invalid endpoint"), {"AWS_ENDPOINT_URL": "here"}, "no address of a service: here", "unset"),
    (EndpointConnectionError(endpoint_url=STS), {}, "AWS cannot be reached", "check the network"),
]


@pytest.mark.parametrize(("error", "environment", "sentence", "hint"), CASES)
def test_the_sentence_and_the_hint(
    error: Exception, environment: Mapping[str, str], sentence: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    first, blank, *hints = error_lines(unreachable(error, "eu-west-1"))
    assert first.startswith("meshform: ")
    assert sentence in first
    assert blank == ""
    assert hints
    assert all(line.startswith("hint: ") for line in hints)
    assert any(hint in line for line in hints)


def test_a_region_that_is_none_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    error = EndpointConnectionError(endpoint_url="https://sts.eu-west-99.amazonaws.com")
    assert "of this name, or not for this Meshform: eu-west-99" in str(unreachable(error, "eu-west-99"))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_has_its_sentence_and_its_hints(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables, config, said = MISTAKES[name]
    for each in [each for each in os.environ if each.startswith("AWS_") or each.upper().endswith("_PROXY")]:
        monkeypatch.delenv(each)
    file = tmp_path / "config"
    file.write_text(config)
    usual = {
        "HOME": str(tmp_path),
        "AWS_CONFIG_FILE": str(file),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        # What is not there is not asked for again and again.
        "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
    }
    for variable, value in {**usual, **variables}.items():
        monkeypatch.setenv(variable, value)
    # Nobody sits at a terminal.
    monkeypatch.setattr("os.open", _without_terminal)
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115
    with pytest.raises(Unreachable) as caught:
        Sessions("plan", "eu-west-1").whoami()
    first, *hints = [line for line in error_lines(caught.value) if line]
    assert [first.removeprefix("meshform: ").replace(str(file), "CONFIG"), *hints] == said


_open = os.open


def _without_terminal(path: str, *more: int, **named: int) -> int:
    if path == "/dev/tty":
        raise OSError("no terminal")
    return _open(path, *more, **named)
