"""Verdict: what applying does to people, in a sentence; what was asked for and what comes besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.access import AccessDifference, AccessEntry, TableId
from reconciler.kinds.iam.permissions_due import role_of, unfinished
from reconciler.model.change import Create, Update
from reconciler.plan.passing_on import NOBODY, PassingOn, asked_for, passing_on
from reconciler.plan.reader_roles import RoleChange, reader_role_changes
from reconciler.plan.remade import PutBack
from reconciler.plan.requested_access import RequestedAccess, is_new_in_aws, requested
from reconciler.plan.review import Review
from reconciler.plan.ways import Reopened, in_short, reopened
from reconciler.report.access_parts import Entries, number, parts, passing_parts
from reconciler.report.people import People

Pairs = frozenset[tuple[str, TableId]]
"""Principals and tables."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who gains and who loses what, people and systems that read only.

    gained, lost                what the change asked for, or everything where no base says what it asked for
    besides_gained, _lost       what the plan does though the change did not ask for it
    waiting                     what the change gives and the plan does not: AWS has it already, or it is held back
    machinery                   how many gains and losses Meshform's own roles, administrators and wholes have
    is_partial                  not everything was seen
    saw_nothing                 nothing was
    remade                      pairs of which all is missing only since the table's writer made it anew
    roles                       roles that others may assume afterwards; readers' that go, or that are there again
    passing, besides_passing    who may let others read, or grant himself everything: asked for, and besides
    given_again                 roles that a run before made anew, and that may lack their permissions until now
    reopened                    whom a link of the way that is closed in AWS leads to data again, not asked for
    unsure_before               pairs of which it is not certain what is readable now, and certain afterwards
    """

    gained: Entries = ()
    lost: Entries = ()
    besides_gained: Entries = ()
    besides_lost: Entries = ()
    waiting: Entries = ()
    machinery: int = 0
    is_partial: bool = False
    saw_nothing: bool = False
    knows_asked: bool = False
    unsure_before: Pairs = frozenset()
    remade: Pairs = frozenset()
    roles: tuple[RoleChange, ...] = ()
    given_again: tuple[str, ...] = ()
    passing: PassingOn = NOBODY
    besides_passing: PassingOn = NOBODY
    reopened: tuple[Reopened, ...] = ()

    @property
    def changes_people(self) -> bool:
        """Whether anybody who reads gains or loses anything."""
        return bool(self.gained or self.lost or self.besides_gained or self.besides_lost)

    @property
    def rows(self) -> int:
        """How many gains and losses of people there are, with what may be passed on."""
        passing = (self.passing.entries, self.besides_passing.entries)
        return sum(map(len, (self.gained, self.lost, self.besides_gained, self.besides_lost, *passing)))

    @property
    def known_besides(self) -> Entries:
        """What somebody has not now and gets back, though it was not asked for."""
        return tuple(
            each
            for each in self.besides_gained
            if (each.principal, each.place) not in self.unsure_before
            and not is_new_in_aws(each)
            and (each.principal, each.place) not in self.remade
        )

    @property
    def remade_besides(self) -> Entries:
        """What somebody gets back on tables that their writer made anew."""
        return tuple(each for each in self.besides_gained if (each.principal, each.place) in self.remade)

    @property
    def new_besides(self) -> Entries:
        """What somebody gets on tables that AWS does not have yet, though it was not asked for."""
        return tuple(each for each in self.besides_gained if is_new_in_aws(each))

    @property
    def unsure_besides(self) -> Entries:
        """What somebody gets and may have now: something waits to be accepted, or was not seen."""
        return tuple(
            each
            for each in self.besides_gained
            if (each.principal, each.place) in self.unsure_before
            and not is_new_in_aws(each)
            and (each.principal, each.place) not in self.remade
        )


def decisive(reviewed: Review) -> AccessDifference | None:
    """What the verdict is about: what the plan does, or what is asked for where there is no plan."""
    return reviewed.access if reviewed.plan is not None else reviewed.asked_access


def verdict(reviewed: Review, people: People, requested_access: RequestedAccess | None = None) -> Verdict | None:
    """The verdict of a review; None when there is neither a plan nor a base.

    `requested_access`: what was asked for, where the review does not know it (drift: nothing at all).
    """
    access = decisive(reviewed)
    if access is None:
        return None
    gained, lost = _of(access.gained, people), _of(access.lost, people)
    resolved = _pairs(each for each in lost if each.change == "unknown") & _pairs(gained)
    lost = tuple(each for each in lost if each.change != "unknown" or (each.principal, each.place) not in resolved)
    wholes = (*access.shared, *access.unshared, *access.admins_gained, *access.admins_lost)
    machinery = len(access.gained) + len(access.lost) - len(gained) - len(lost) + len(wholes)
    passes = passing_on(access, reviewed.mesh)
    asked = requested_access or reviewed.requested
    roles = tuple(reader_role_changes(reviewed))
    again = tuple(sorted(role_of(step.address).name for step in unfinished(reviewed.steps)))
    if reviewed.plan is None or asked is None:
        partial = bool(access.gaps)
        return Verdict(
            gained,
            lost,
            machinery=machinery,
            is_partial=partial,
            saw_nothing=reviewed.saw_nothing,
            roles=roles,
            given_again=again,
            passing=passes,
        )
    waiting: Entries = ()
    if reviewed.asked_access is not None and reviewed.asked_access.gained:
        waiting = requested(access).beyond(_of(reviewed.asked_access.gained, people))
        waiting = tuple(
            each for each in waiting if each.change != "rows" or not any(_gives(other, each) for other in gained)
        )
    besides, put_back = asked.beyond(gained), PutBack(reviewed)
    taken = _pairs(each for each in besides if not put_back.explains(each))
    return Verdict(
        asked.among(gained),
        asked.among(lost, lost=True),
        besides,
        asked.beyond(lost, lost=True),
        waiting,
        machinery,
        bool(access.gaps),
        reviewed.saw_nothing,
        knows_asked=True,
        unsure_before=resolved,
        remade=_pairs(besides) - taken,
        roles=roles,
        given_again=again,
        passing=asked_for(passes, asked),
        besides_passing=asked_for(passes, asked, wanted=False),
        reopened=tuple(each for way in reopened(reviewed, asked) if (each := way.of(people.reads)).columns),
    )


def sentence(found: Verdict) -> str:
    """The headline. It never says that nobody gains or loses anything while the plan gives or takes access."""
    again = [f"{each} given {whose} permissions again" for each, whose in _made_anew(found, "is", "are")]
    known = [*parts(found.gained, "gain"), *parts(found.lost, "lose"), *_roles(found, asked=True)]
    known += passing_parts(found.passing)
    main = "; ".join([*known, *([] if found.knows_asked else again)])
    main = main if "/" in main.partition(" ")[0] else f"{main[:1].upper()}{main[1:]}"
    besides = "; ".join(
        (
            *parts(found.known_besides, "get", " back", " that somebody revoked by hand in AWS"),
            *_may_get_back(found),
            *parts(found.remade_besides, "get", " back", " that its writer made anew"),
            *parts(found.new_besides, "get", "", " that AWS does not have yet"),
            *(f"{part} that somebody closed by hand in AWS" for part in in_short(found.reopened, "may get back")),
            *parts(found.besides_lost, "lose", "", " that somebody gave by hand in AWS"),
            *_roles(found, asked=False),
            *passing_parts(found.besides_passing),
            *(again if found.knows_asked else ()),
        )
    )
    if found.is_partial and found.waiting:
        held = "; ".join(parts(found.waiting, "gain"))
        main = f"{main}. Held back, since not everything was seen: {held}" if main else ""
        main = main or f"Held back, since not everything was seen: {held}"
    if main and besides:
        return f"{main}. Besides, {besides}."
    if main:
        return f"{main}."
    if besides:
        return f"What this change asks for gives and takes no access. Besides, {besides}."
    if found.machinery:
        return "Access of people stays as it is; only Meshform's own roles, administrators and whole accounts change."
    if found.saw_nothing:
        return "Nothing was seen, so who would gain or lose access is not known."
    return f"Nobody gains or loses access{' in what was seen' if found.is_partial else ''}."


def drift_sentence(found: Verdict) -> str | None:
    """What drift means to people, where it means anything: nothing of it was asked for."""
    gone = [*parts((*found.known_besides, *found.new_besides), "lost", past=True)]
    come = [*parts(found.besides_lost, "gained", past=True)]
    said = [f"{part} by hand; apply gives it back" for part in gone]
    said += [f"{part} by hand; apply gives it back" for part in in_short(found.reopened, "may have lost")]
    anew = parts(found.remade_besides, "lost", past=True)
    said += [f"{part} since its writer made the table anew; apply gives it back" for part in anew]
    said += [f"{part} by hand; apply takes it away" for part in come]
    said += [f"{part[:1].upper()}{part[1:]}; apply changes that back" for part in _roles(found, asked=False)]
    for each, whose in _made_anew(found, "may lack", "may lack"):
        said.append(f"{each[:1].upper()}{each[1:]} {whose} permissions; apply gives them again")
    unsure = {each.principal for each in found.unsure_besides}
    if unsure:
        said.append(f"Of {number(len(unsure), 'principal')} it is not certain what can be read; apply makes it certain")
    return f"{'. '.join(said)}." if said else None


def _gives(done: AccessEntry, asked: AccessEntry) -> bool:
    """Whether what the plan does gives the rows that are asked for, though others than the base says were shown."""
    same = (done.principal, done.place, done.rows) == (asked.principal, asked.place, asked.rows)
    return same and set(asked.columns) <= set(done.columns)


def _pairs(entries: Iterable[AccessEntry]) -> Pairs:
    return frozenset((entry.principal, entry.place) for entry in entries)


def _may_get_back(found: Verdict) -> Iterator[str]:
    """Who may have it already: it is not certain what he reads now, since something waits to be accepted."""
    unsure = {each.principal for each in found.unsure_besides}
    if unsure:
        yield f"{number(len(unsure), 'principal')} may get back access; it is not certain what can be read now"


def _roles(found: Verdict, *, asked: bool) -> Iterator[str]:
    """Roles that others may assume afterwards; new ones, and those that go, are told by their readers."""
    changed = [each.name for each in found.roles if each.asked is asked and isinstance(each.change, Update)]
    if changed:
        yield f"who may assume {_named(changed)} {'changes' if asked else 'was changed by hand in AWS'}"
    again = [each.name for each in found.roles if not (asked or each.asked) and isinstance(each.change, Create)]
    if again:
        yield f"{_named(again)} {'is' if len(again) == 1 else 'are'} not there in AWS"


def _made_anew(found: Verdict, one: str, many: str) -> Iterator[tuple[str, str]]:
    """Roles that may lack what AWS lists for them, with a verb, and whose permissions these are."""
    count = len(found.given_again)
    if count == 1:
        yield f"the role {found.given_again[0]}, which was made anew, {one}", "its"
    elif count:
        yield f"{count:,} roles, which were made anew, {many}", "their"


def _named(roles: list[str]) -> str:
    return f"the role {roles[0]}" if len(roles) == 1 else number(len(roles), "role")


def _of(entries: Iterable[AccessEntry], people: People) -> Entries:
    return tuple(entry for entry in entries if people.concerns(entry))
