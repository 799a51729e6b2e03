"""The shapes of single values: names, ids, ARNs, addresses. Each with the sentence that a person reads."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from reconciler.spec.rule import Rule

BAD_NAME = Rule(
    "bad-name",
    "error",
    "A name is short, in lower case, and fit for an LF-tag value and a bucket name.",
    "Names of products and domains become LF-tag values, which Lake Formation stores in lower case.",
)
BAD_DATABASE = Rule(
    "database-name",
    "error",
    "Databases have names that Glue and IAM keep as they are.",
    "Glue folds names to lower case; IAM's policies name databases. 1 to 252 letters, digits, _ or -, so that the name "
    "of a link fits too.",
)
BAD_EMAIL = Rule(
    "bad-email",
    "error",
    "E-mail addresses have the form name@host.domain.",
    "Correct the address; notices would go nowhere.",
)
BAD_FORGE_NAME = Rule(
    "bad-github-name",
    "error",
    "Teams, groups and users of GitHub and GitLab are written as these write them.",
    "A team is organization/team, as in its address github.com/orgs/ORGANIZATION/teams/TEAM; a group its path, as in "
    "its address gitlab.com/GROUP/GROUP; a user is a name without the @.",
)
BAD_AGE = Rule(
    "bad-age",
    "error",
    "An age is a number of minutes, hours or days: 30m, 24h, 7d.",
    "Write the number and the letter together.",
)
BAD_DAYS = Rule("bad-days", "error", "A time for people is a number of days: 90d, 365d.", "Write the number and a d.")
BAD_SCHEDULE = Rule(
    "bad-schedule",
    "error",
    "A schedule has Glue's form cron(minutes hours day month weekday year).",
    "Six fields, one of day and weekday being ?: cron(0 4 * * ? *) is every day at 04:00 UTC.",
)
# pattern -> (rule, what is said after the field's name)
PATTERNS: dict[str, tuple[Rule, str]] = {}


def shape(
    rule: Rule, pattern: str, sentence: str, longest: int | None = None, *, strip: bool = False
) -> StringConstraints:
    """A pattern for a text (in the syntax of Rust's regex, without looking around), and what is said of one that fails.

    With `strip` blanks and line breaks around the text are left out first.
    """
    said = PATTERNS.setdefault(pattern, (rule, sentence))
    assert said == (rule, sentence), "what is said of a text that fails goes by the pattern"
    return StringConstraints(pattern=pattern, max_length=longest, strict=True, strip_whitespace=strip or None)


def counted(
    rule: Rule, pattern: str, uncounted: str, fits: Callable[[str], bool], sentence: str
) -> tuple[StringConstraints, AfterValidator, WithJsonSchema]:
    """A shape that counts far: Rust's regex makes a state of each repetition, which takes milliseconds at every start.

    A text has it if it has the pattern without its counts (`uncounted`) and is as long as they say (`fits`). Editors
    are told the pattern itself.
    """

    def exact(value: str) -> str:
        if not fits(value):
            raise PydanticKnownError("string_pattern_mismatch", {"pattern": uncounted})
        return value

    return (
        shape(rule, uncounted, sentence),
        AfterValidator(exact),
        WithJsonSchema({"type": "string", "pattern": pattern}),
    )


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "must be a date such as 2027-06-30")


Name = Annotated[
    str,
    shape(
        BAD_NAME,
        r"^[a-z0-9][a-z0-9-]{0,49}$",
        "must be 1 to 50 lower-case letters, digits or hyphens and begin with a letter or digit",
    ),
]
# Databases stand in ARNs, so their names are plain.
GlueName = Annotated[
    str,
    shape(
        BAD_DATABASE,
        r"^[a-z0-9_][a-z0-9_-]{0,251}$",
        "must be lower-case letters, digits, _ or - (Glue folds names to lower case)",
    ),
]
# They stand in ARNs too: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCatalog.html
CatalogName = Annotated[
    str,
    shape(
        BAD_DATABASE,
        r"^[a-z0-9_][a-z0-9_-]{0,63}(/[a-z0-9_][a-z0-9_.-]{0,63}){0,3}$",
        "must be the names of catalogs within the account's, such as s3tablescatalog/my-bucket",
    ),
]
_ADDRESS = r"[A-Za-z0-9.!#%&'+/=^_`|~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
Email = Annotated[str, shape(BAD_EMAIL, rf"^{_ADDRESS}$", "must be an e-mail address")]
EmailOrTeam = Annotated[
    str,
    shape(
        BAD_EMAIL,
        rf"^({_ADDRESS}|[a-z0-9][a-z0-9-]{{0,49}})$",
        "must be an e-mail address, or the name of a Team",
    ),
]
# https://docs.github.com/en/rest/users and https://docs.github.com/en/rest/teams: logins and slugs
ForgeTeam = Annotated[
    str,
    shape(
        BAD_FORGE_NAME,
        r"^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}/[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$",
        "must be a team of GitHub such as acme/sales-stewards",
    ),
]
# https://docs.gitlab.com/user/reserved_names/#limitations-on-usernames-project-and-group-names-and-slugs
ForgeGroup = Annotated[
    str,
    *counted(
        BAD_FORGE_NAME,
        r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}){0,20}$",
        r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$",
        lambda path: path.count("/") <= 20 and max(map(len, path.split("/"))) <= 255,
        "must be the path of a group of GitLab such as acme/sales-stewards",
    ),
]
ForgeUser = Annotated[
    str,
    shape(
        BAD_FORGE_NAME,
        r"^[A-Za-z0-9_]([.-]?[A-Za-z0-9_]){0,254}$",
        "must be the name of a user of GitHub or GitLab, without the @",
    ),
]
Age = Annotated[
    str, shape(BAD_AGE, r"^[1-9][0-9]{0,4}[mhd]$", "must be minutes, hours or days, such as 30m, 24h or 7d")
]
Days = Annotated[str, shape(BAD_DAYS, r"^[1-9][0-9]{0,3}d$", "must be days, such as 180d")]
Schedule = Annotated[
    str,
    shape(
        BAD_SCHEDULE,
        r"^cron\(([0-9A-Z*?,/#-]+ ){5}[0-9A-Z*?,/#-]+\)$",
        "must be a Glue schedule of six fields such as cron(0 4 * * ? *)",
    ),
]
Day = Annotated[date, BeforeValidator(_day), Field(strict=False)]
