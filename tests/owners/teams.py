"""Who is who in the example mesh: governance, the owners of products, the people of teams; and what they approve."""

from __future__ import annotations

from reconciler.owners.given import Approval, Given
from tests.life.play import TEAMS

MEMBERS = {team: frozenset(logins) for team, logins in TEAMS.items()}
GOVERNANCE = "data-protection-office"
FUND_OWNER, CREDIT_OWNER, DEAL_OWNER = (
    f"{name}-stewards" for name in ("asset-management", "consumer-banking", "investment-banking")
)
HEAD = "a" * 40


def pull_request(*logins: str, number: int = 7) -> Given:
    """What was said on one of Ada's, which these approve as it was merged."""
    approvals = tuple(Approval(login, HEAD, "2026-11-22T10:00:00Z") for login in logins)
    return Given(number, HEAD, "ada", frozenset({"ada"}), True, approvals)
