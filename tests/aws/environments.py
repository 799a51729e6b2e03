"""Mistakes with credentials and the environment as botocore really meets them: what is said, whole."""

from __future__ import annotations

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
CLOSED = "http://127.0.0.1:1"
ROLE = "role_arn = arn:aws:iam::111111111111:role/reader"
TRIAL = "hint: to try it without AWS: `meshform sandbox serve`, which prints what to set"
CONFIG = "hint: correct the file ~/.aws/config"
UNSET = "hint: for AWS itself: `unset AWS_ENDPOINT_URL`"
COMMAND = "hint: run the command of `credential_process` in ~/.aws/config by hand, or `aws sso login --profile a`"

# name: the variables, ~/.aws/config, and what is said.
MISTAKES: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "nothing is set": (
        {},
        "",
        [
            "No AWS credentials were found.",
            "hint: `aws sso login`, or set AWS_PROFILE",
            TRIAL,
            "hint: no AWS is needed for `meshform plan --offline --base REF`",
        ],
    ),
    "half of a key": (
        {"AWS_ACCESS_KEY_ID": "x"},
        "",
        [
            "The AWS credentials are incomplete: AWS_SECRET_ACCESS_KEY is missing in the environment.",
            "hint: set it, or unset the others and `aws sso login`",
            TRIAL,
        ],
    ),
    "a profile that is not there": (
        {"AWS_PROFILE": "a"},
        "",
        ["There is no AWS profile a, which AWS_PROFILE names.", "hint: `aws configure list-profiles` lists them"],
    ),
    "a file that is none": (
        KEYS,
        "[default\nregion = x",
        ["The AWS settings cannot be used: Unable to parse config file: CONFIG", CONFIG],
    ),
    "a role without a source": (
        {"AWS_PROFILE": "a"},
        f"[profile a]\n{ROLE}\n",
        [
            "The AWS credentials are incomplete: source_profile or credential_source is missing in ~/.aws.",
            "hint: set it, or unset the others and `aws sso login --profile a`",
            TRIAL,
        ],
    ),
    "a source that is not there": (
        {"AWS_PROFILE": "a"},
        f"[profile a]\n{ROLE}\nsource_profile = b\n",
        [
            'The AWS settings cannot be used: The source_profile "b" referenced in the profile "a" does not exist.',
            CONFIG,
        ],
    ),
    "a circle of profiles": (
        {"AWS_PROFILE": "a"},
        f"[profile a]\n{ROLE}\nsource_profile = a\n",
        [
            "The AWS settings cannot be used: Infinite loop in credential configuration detected. Attempting to load "
            "from profile a which has already been visited. Visited profiles: ['a']",
            CONFIG,
        ],
    ),
    "a code of MFA, and nobody to type it": (
        {"AWS_PROFILE": "a"},
        f"[profile a]\n{ROLE}\nsource_profile = b\nmfa_serial = m\n[profile b]\naws_access_key_id = x\n"
        "aws_secret_access_key = y\n",
        [
            "The profile a wants the code of an MFA device, and nobody is here to type it.",
            "hint: run it on a terminal, or `aws sts get-session-token` and set what it answers",
        ],
    ),
    "nobody has signed in": (
        {"AWS_PROFILE": "a"},
        "[profile a]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\n[sso-session s]\n"
        "sso_start_url = https://example.com/start\nsso_region = eu-west-1\n",
        ["The AWS sign-in of the profile a has ended.", "hint: `aws sso login --profile a`"],
    ),
    "a sign-in that is not described": (
        {"AWS_PROFILE": "a"},
        "[profile a]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\n",
        ['The AWS settings cannot be used: The specified sso-session does not exist: "s"', CONFIG],
    ),
    "a command that is not there": (
        {"AWS_PROFILE": "a"},
        "[profile a]\ncredential_process = /nowhere/at/all\n",
        [
            "AWS credentials could not be fetched by a command: [Errno 2] No such file or directory: '/nowhere/at/all'",
            COMMAND,
        ],
    ),
    "a command that fails": (
        {"AWS_PROFILE": "a"},
        "[profile a]\ncredential_process = false\n",
        [
            "AWS credentials could not be fetched by a command: Error when retrieving credentials from custom-process",
            COMMAND,
        ],
    ),
    "a command that answers something else": (
        {"AWS_PROFILE": "a"},
        "[profile a]\ncredential_process = echo hello\n",
        ["AWS credentials could not be fetched by a command: its answer is no JSON", COMMAND],
    ),
    "a job without a token": (
        {"AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/ci", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"},
        "",
        [
            "The token is not there by which this job signs in: /nowhere/token (AWS_WEB_IDENTITY_TOKEN_FILE).",
            "hint: in GitHub Actions: `permissions: {id-token: write}` and aws-actions/configure-aws-credentials",
        ],
    ),
    "a machine whose role does not answer": (
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{CLOSED}/role"},
        "",
        [
            "AWS credentials could not be fetched: Error when retrieving credentials from container-role: Error "
            "retrieving metadata: Received error when attempting to retrieve container metadata: Could not connect to "
            f'the endpoint URL: "{CLOSED}/role"',
            "hint: `aws sso login`, or look at where this machine or job gets its role from",
        ],
    ),
    "a line break in a key": (
        {**KEYS, "AWS_ACCESS_KEY_ID": "x\n"},
        "",
        ["There is a blank or a line break in AWS_ACCESS_KEY_ID.", "hint: copy the value again, without it"],
    ),
    "blanks around a token": (
        {**KEYS, "AWS_SECRET_ACCESS_KEY": " y", "AWS_SESSION_TOKEN": "z "},
        "",
        [
            "There is a blank or a line break in AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.",
            "hint: copy the value again, without it",
        ],
    ),
    "a sandbox that is not there": (
        {**KEYS, "AWS_ENDPOINT_URL": CLOSED},
        "",
        [
            f"Nobody answers at AWS_ENDPOINT_URL: {CLOSED}",
            "hint: `meshform sandbox serve` starts the simulated AWS",
            UNSET,
        ],
    ),
    "an address that is none": (
        {**KEYS, "AWS_ENDPOINT_URL": "127.0.0.1:1"},
        "",
        ["AWS_ENDPOINT_URL is no address of a service: 127.0.0.1:1", UNSET],
    ),
    "a proxy that is not there": (
        {**KEYS, "HTTPS_PROXY": CLOSED},
        "",
        [
            f'The proxy does not let requests to AWS through: Failed to connect to proxy URL: "{CLOSED}"',
            "hint: check HTTPS_PROXY and NO_PROXY",
        ],
    ),
}
