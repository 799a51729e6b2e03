"""Which jobs of GitLab may assume a role.

https://docs.gitlab.com/ci/cloud_services/aws/ · https://docs.gitlab.com/ci/secrets/id_token_authentication/

The subject of a merge request's pipeline names the project that its branch is in: a fork's names the fork, whatever
project it runs in. AWS judges the subject and the audience of a token alone, so that a branch is protected is GitLab's
to hold: nobody else may run what is on it.
"""

from __future__ import annotations

import re
from typing import Literal

from reconciler.errors import MeshformError
from reconciler.forge.protocol import Oidc

_PLACE = re.compile(r"(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)+)/(?P<project>[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+)", re.ASCII)
_BRANCH = re.compile(r"[A-Za-z0-9_./-]+", re.ASCII)


def trust(place: str, duty: Literal["plan", "apply", "keep"], branch: str) -> Oidc:
    """Plans run for every branch of the project, apply and what keeps evidence on one.

    `place`: HOST/GROUP/PROJECT. Raises MeshformError.
    """
    found = _PLACE.fullmatch(place)
    if found is None:
        raise MeshformError(f"{place!r} is no project: write HOST/GROUP/PROJECT, such as gitlab.com/bank/mesh.")
    if not _BRANCH.fullmatch(branch):
        raise MeshformError(f"{branch!r} is no branch that a role can be bound to.")
    ref = "*" if duty == "plan" else branch
    subject = f"project_path:{found['project']}:ref_type:branch:ref:{ref}"
    return Oidc(found["host"], f"https://{found['host']}", (subject,), patterns=duty == "plan")
