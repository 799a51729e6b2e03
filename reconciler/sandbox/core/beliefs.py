"""What nobody documents or recorded of AWS: each question has a stable id, and answers that can be chosen.

The ids stand in docs/assumptions.md too. The first answer is what the sandbox does unless told otherwise; whoever uses
AWS must be right under every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Belief:
    """A question about AWS and the answers that it may turn out to give, the likeliest first."""

    id: str
    question: str
    answers: tuple[str, ...]


BELIEFS = (
    Belief("filters-in-listings", "Does ListPermissions without a resource list grants on filters?", ("no", "yes")),
    Belief("all-of-a-principal", "How is ALL told by ListPermissions of a principal?", ("literal", "expanded")),
    Belief(
        "listing-abroad",
        "What does ListPermissions without a resource tell of another account's catalog?",
        ("rows", "nothing", "denied"),
    ),
    Belief(
        "revoke-in-part",
        "What becomes of a revocation of several permissions of which some are not there?",
        ("taken", "refused"),
    ),
    Belief("rows-of-deleted-roles", "Can a row of a role that is gone be revoked?", ("yes", "no")),
    Belief("grants-after-drop", "What becomes of grants on a table or database that is dropped?", ("gone", "kept")),
    Belief("tags-after-drop", "What becomes of LF-tags on a table or database that is dropped?", ("gone", "kept")),
    Belief(
        "unknown-tag-key",
        "What does Lake Formation answer to an LF-tag that is not there?",
        ("EntityNotFoundException", "InvalidInputException", "AccessDeniedException"),
    ),
    Belief(
        "invitations-sent-again",
        "Does a grant into a share whose invitation was rejected or has expired send another one?",
        ("not-sent", "sent"),
    ),
    Belief(
        "rejected-invitations",
        "What is the association of an account with a share whose invitation it has rejected?",
        ("disassociated", "associating"),
    ),
    Belief(
        "rights-of-makers", "Are the rights of who makes a database or table rows of a listing?", ("listed", "implicit")
    ),
    Belief("defaults-on-links", "Does a resource link get the default permissions?", ("given", "not-given")),
    Belief("lists-of-columns", "Is each list of columns of a principal a row, or are all one?", ("apart", "one")),
    Belief("grant-option-alone", "Can a grant option be revoked without its permission?", ("taken", "refused")),
    Belief("roles-made-anew", "Does what was granted to a role count for one of its name?", ("return", "void")),
    Belief(
        "passed-on-under-which-catalog",
        "Under whose catalog does an account see what it passed on?",
        ("central", "own"),
    ),
    Belief("passed-on-after-revoke", "Is what an account passed on kept without its share?", ("kept", "gone")),
    Belief("collisions", "Which writes of an account collide: those to the same thing, or all?", ("same", "all")),
    Belief("tags-in-searches", "Which LF-tags do searches by LF-tag tell?", ("effective", "assigned")),
)


class Beliefs:
    """The answer in force to each question."""

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self.clear()
        self.choose(chosen or {})

    def choose(self, chosen: Mapping[str, str]) -> None:
        """Put other answers in force, by the ids of their questions. ValueError: there is none such."""
        known = {belief.id: belief.answers for belief in BELIEFS}
        for id_, answer in chosen.items():
            if id_ not in known:
                raise ValueError(f"there is no belief {id_}; known are {', '.join(sorted(known))}")
            if answer not in known[id_]:
                raise ValueError(f"{id_} is one of {', '.join(known[id_])}, not {answer}")
        self._answers |= chosen

    def clear(self) -> None:
        """Put the first answers in force again."""
        self._answers = {belief.id: belief.answers[0] for belief in BELIEFS}

    def __getitem__(self, id_: str) -> str:
        return self._answers[id_]

    def as_json(self) -> list[dict[str, Any]]:
        """Every question with its answers and the one in force."""
        return [
            {"id": each.id, "question": each.question, "answers": list(each.answers), "answer": self._answers[each.id]}
            for each in BELIEFS
        ]
