"""SignIn: why AWS is not reached with what is in the environment, in a sentence, with the command that helps.

The errors are botocore's: https://github.com/boto/botocore/blob/develop/botocore/exceptions.py
"""

from __future__ import annotations

import os
import re
from json import JSONDecodeError

from botocore.exceptions import (
    ClientError,
    ConfigNotFound,
    ConfigParseError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    InvalidConfigError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    SSLError,
    SSOError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.loaders import create_loader

from reconciler.errors import Unreachable

_ENDED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"})
_CLOCK = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"})
_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_TRIAL = "to try it without AWS: `meshform sandbox serve`, which prints what to set"


def unreachable(error: Exception, region: str) -> Unreachable:
    """What an error of the first request means, and what to do."""
    profile, endpoint = os.environ.get("AWS_PROFILE"), os.environ.get("AWS_ENDPOINT_URL")
    login = f"`aws sso login{f' --profile {profile}' if profile else ''}`"
    if blank := [name for name in _SECRETS if re.search(r"\s", os.environ.get(name, ""))]:
        # botocore would tell the whole header, or AWS that the signature is wrong.
        return Unreachable(
            f"There is a blank or a line break in {', '.join(blank)}.", hints=("copy the value again, without it",)
        )
    match error:
        case NoCredentialsError():
            return Unreachable(
                "No AWS credentials were found.",
                hints=(
                    f"{login}, or set AWS_PROFILE",
                    _TRIAL,
                    "no AWS is needed for `meshform plan --offline --base REF`",
                ),
            )
        case PartialCredentialsError():
            missing, where = error.kwargs["cred_var"], error.kwargs["provider"]
            place = "the environment" if where == "env" else "~/.aws"
            return Unreachable(
                f"The AWS credentials are incomplete: {missing} is missing in {place}.",
                hints=(f"set it, or unset the others and `{login.strip('`')}`", _TRIAL),
            )
        case ProfileNotFound():
            return Unreachable(
                f"There is no AWS profile {profile or ''}, which AWS_PROFILE names.".replace("  ", " "),
                hints=("`aws configure list-profiles` lists them",),
            )
        case SSOTokenLoadError() | UnauthorizedSSOTokenError() | TokenRetrievalError() | SSOError():
            whose = f" of the profile {profile}" if profile else ""
            return Unreachable(f"The AWS sign-in{whose} has ended.", hints=(login,))
        case CredentialRetrievalError() if error.kwargs.get("provider") == "custom-process":
            return _process(error, login)
        case JSONDecodeError():
            return _process(ValueError("its answer is no JSON"), login)
        case CredentialRetrievalError():
            return Unreachable(
                f"AWS credentials could not be fetched: {error}",
                hints=(f"{login}, or look at where this machine or job gets its role from",),
            )
        case OSError() if error.filename and str(error.filename) == os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
            return Unreachable(
                f"The token is not there by which this job signs in: {error.filename} (AWS_WEB_IDENTITY_TOKEN_FILE).",
                hints=(
                    "in GitHub Actions: `permissions: {id-token: write}` and aws-actions/configure-aws-credentials",
                ),
            )
        case FileNotFoundError() | PermissionError():
            return _process(error, login)
        case EOFError() | UserWarning():
            return Unreachable(
                f"The profile {profile or 'default'} wants the code of an MFA device, and nobody is here to type it.",
                hints=("run it on a terminal, or `aws sts get-session-token` and set what it answers",),
            )
        case ConfigParseError() | ConfigNotFound() | InvalidConfigError():
            return Unreachable(f"The AWS settings cannot be used: {error}", hints=("correct the file ~/.aws/config",))
        case ClientError():
            return _refused(error, login)
        case ProxyConnectionError():
            return Unreachable(
                f"The proxy does not let requests to AWS through: {error}", hints=("check HTTPS_PROXY and NO_PROXY",)
            )
        case SSLError() if endpoint and endpoint.startswith("https://127.0.0.1"):
            return Unreachable(
                f"Who answers at AWS_ENDPOINT_URL speaks no TLS: {endpoint}",
                hints=(f"`export AWS_ENDPOINT_URL={endpoint.replace('https://', 'http://')}`",),
            )
        case SSLError():
            return _certificate(error)
        case EndpointConnectionError() | ConnectTimeoutError() if endpoint:
            return Unreachable(
                f"Nobody answers at AWS_ENDPOINT_URL: {endpoint}",
                hints=("`meshform sandbox serve` starts the simulated AWS", "for AWS itself: `unset AWS_ENDPOINT_URL`"),
            )
        case EndpointConnectionError() | ConnectTimeoutError() if region not in _regions():
            return Unreachable(
                f"AWS has no region of this name, or not for this Meshform: {region}",
                hints=("correct `region` in mesh.yaml, or update botocore",),
            )
        case ValueError() if endpoint:
            return Unreachable(
                f"AWS_ENDPOINT_URL is no address of a service: {endpoint}",
                hints=("for AWS itself: `unset AWS_ENDPOINT_URL`",),
            )
    return Unreachable(
        f"AWS cannot be reached: {error}", hints=("check the network, HTTPS_PROXY, AWS_PROFILE and AWS_ENDPOINT_URL",)
    )


def _process(error: Exception, login: str) -> Unreachable:
    return Unreachable(
        f"AWS credentials could not be fetched by a command: {str(error).strip().rstrip(':')}",
        hints=("run the command of `credential_process` in ~/.aws/config by hand, or " + login,),
    )


def _certificate(error: SSLError) -> Unreachable:
    return Unreachable(
        f"The certificate of AWS is not accepted: {error}",
        hints=("where a company's proxy opens TLS, AWS_CA_BUNDLE names its certificate",),
    )


def _refused(error: ClientError, login: str) -> Unreachable:
    """AWS answered, and does not accept who asks."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in _ENDED:
        return Unreachable(
            "The AWS credentials have expired.",
            hints=(f"{login}, or fetch new ones where these came from (AWS_SESSION_TOKEN and its like)",),
        )
    if code in _UNKNOWN:
        return Unreachable(
            f"AWS does not know these credentials: {code}",
            hints=("`aws sts get-caller-identity` says whether they are valid; " + login,),
        )
    if code in _CLOCK:
        return Unreachable(
            f"AWS does not accept the signature of these credentials: {code}",
            hints=("the secret key belongs to another access key, or the clock is wrong: `date -u`",),
        )
    return Unreachable(f"AWS does not accept these credentials: {error}", hints=(f"{login}, or check AWS_PROFILE",))


def _regions() -> frozenset[str]:
    """The regions that botocore knows, of every partition."""
    partitions = create_loader().load_data("partitions")["partitions"]
    return frozenset(region for each in partitions for region in each["regions"])
