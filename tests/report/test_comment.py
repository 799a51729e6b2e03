"""The comment: the same words as on the terminal, in the same order, within GitHub's limit, whatever the mesh says."""

from __future__ import annotations

import json
from functools import cache

import pytest

from reconciler import pipeline
from reconciler.plan.review import Review
from reconciler.report.comment import LIMIT, SUMMARY_LIMIT, Where, comment, size
from reconciler.report.mermaid import picture
from reconciler.report.outcome import ending, with_outcome_banner
from reconciler.report.outline import outline
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, Estate, bank, variant
from tests.life.play import subscription
from tests.report.test_markdown import HOSTILE, is_quiet, rendered

RISK = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
DEALS = "consumers/analytics-coe/subscriptions/deals.yaml"


def reviewed(mesh: Mesh, base: Mesh | None = None) -> Review:
    """What a pull request asks for, without AWS."""
    return pipeline.review(mesh, base=base or bank(), base_name="main")


@cache
def widened() -> Review:
    return reviewed(variant((RISK, "[internal, confidential]", "[internal, confidential, restricted]")))


def squeezed(text: str) -> str:
    return " ".join(text.replace("\N{ZERO WIDTH SPACE}", "").split())


def test_with_aws_they_say_the_same_as_well(built: Estate) -> None:
    mesh = variant((RISK, "[internal, confidential]", "[internal, confidential, restricted]"))
    denied = {"error": "AccessDeniedException", "times": None}
    built.aws.faults({"service": "athena", "operation": "ListWorkGroups", "account": ANALYTICS, **denied})
    observation = pipeline.look(mesh, built.sessions)
    review = pipeline.review(mesh, observation=observation, base=bank(), base_name="main")
    names = [section.name for section in outline(review)]
    assert {"verdict", "merging", "access", "asked", "plan", "gaps", "digest"} <= set(names)
    assert names.index("plan") < names.index("gaps") < names.index("digest")
    same_in_both(review)


def test_terminal_and_comment_say_the_same_in_the_same_order() -> None:
    same_in_both(widened())


def same_in_both(review: Review) -> None:
    terminal = squeezed(" ".join(plan_text(review, 1, 1_000)))
    page = squeezed(rendered(comment(review)).text)
    for voice in (terminal, page):
        position = 0
        for section in outline(review):
            cells = [cell for row in section.table.rows for cell in row[1:]] if section.table else []
            for said in (section.title, *cells, *(line.text for line in section.lines)):
                assert squeezed(said) in voice[position:], said
                position = voice.index(squeezed(said), position)


def test_it_begins_with_the_verdict_then_who_must_approve_then_documents_and_the_picture() -> None:
    names = [section.name for section in outline(widened())]
    assert names == ["verdict", "merging", "access", "machinery", "documents", "asked", "asked-in", "asked-in"]
    body = comment(widened())
    places = [
        body.index(words)
        for words in (
            "analytics-coe/data-scientist gains 4 columns of credit-card.credit&#95;card &#40;up to restricted&#41;",
            "4 more, 21 of 21 in all: restricted: personal",
            "1 subscription changes. data-protection-office must approve that.",
            "data-protection-office, for governance",
            "In the domain consumer-banking",
            "clearance.sensitivity: internal, confidential → internal, confidential, restricted",
            "```mermaid",
            "Since main, the mesh asks for",
        )
    ]
    assert places == sorted(places)


def test_losing_access_is_told_as_well() -> None:
    body = comment(reviewed(variant(without=[RISK])))
    assert "analytics-coe/data-scientist loses" in body
    assert "may no longer read" in body
    assert 'p0 -.->|"ends#58; credit-risk-model"| c1' in body


def test_without_a_change_it_says_so() -> None:
    body = comment(reviewed(bank()))
    assert "No document of the mesh changes." in body
    assert "mermaid" not in body


# Control signs do not get that far: the language refuses them.
@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip() and "\x1b" not in text])
def test_free_text_of_the_mesh_cannot_forge_a_part_of_the_comment(text: str) -> None:
    document = subscription("deals", "internal", purpose=json.dumps(text))
    page = rendered(comment(reviewed(variant(more={DEALS: document}))))
    assert page.comments == [" meshform comment: mesh "]
    tags = {"h3", "p", "strong", "ul", "li", "pre", "code", "details", "summary", "sub"}
    tags |= {"table", "thead", "tbody", "tr", "th", "td"}
    assert set(page.tags) <= tags
    assert is_quiet(page.prose)
    plain = rendered(comment(reviewed(variant(more={DEALS: subscription("deals", "internal")}))))
    assert page.tags == plain.tags


def test_a_huge_change_fits_and_says_what_is_left_out_and_where() -> None:
    many = {
        f"consumers/analytics-coe/subscriptions/s{number}.yaml": subscription(
            f"s{number}", "internal", purpose=json.dumps("@team " * 2000)
        )
        for number in range(300)
    }
    review = reviewed(variant(more=many))
    where = Where(rest="the summary of the run has more: https://github.com/acme/mesh/actions/runs/1")
    body = comment(review, where)
    assert size([body]) <= LIMIT
    shown = body.count("\n+ subscription")
    assert shown
    assert f"{300 - shown} more lines are left out here; the summary of the run has more" in body
    assert size([comment(review, where, SUMMARY_LIMIT)]) <= SUMMARY_LIMIT
    assert rendered(body).comments == [" meshform comment: mesh "]


@pytest.mark.parametrize("limit", [1_500, 3_000, 6_000, 20_000])
def test_any_limit_is_kept(limit: int) -> None:
    body = comment(widened(), limit=limit)
    assert size([body]) <= limit
    assert body.count("<details>") == body.count("</details>")
    assert body.count("```") % 2 == 0


def test_the_picture_holds_no_syntax_but_ours() -> None:
    lines = picture(bank(), variant(more={DEALS: subscription("deals", "internal")}))
    assert lines == [
        "flowchart LR",
        '  p0[("investment-banking/deal-pipeline")]',
        '  c1(["analytics-coe"])',
        '  p0 ==>|"new#58; deals"| c1',
    ]


def test_the_outcome_goes_on_top_and_takes_the_place_of_the_last_one() -> None:
    body, marker = comment(widened()), Where().marker
    held = {"address": "grant x", "reason": "not in the reviewed plan @team <!-- meshform outcome ends -->"}
    first = ending({"exit_code": 4, "message": "x", "run": {"outcomes": [], "held": [held]}, "journal": "s3://b/k"})
    then = ending({"exit_code": 0, "message": None, "run": {"outcomes": [], "held": []}, "journal": "s3://b/k"})
    once = with_outcome_banner(body, marker, first, "abc", None)
    twice = with_outcome_banner(once.replace("\n", "\r\n"), marker, then, "abc", "https://run")
    assert "0 steps done, 1 held back" in once
    assert "held back" not in twice
    assert [line.rstrip("\r") for line in twice.splitlines()][-3:] == body.splitlines()[-3:]
    assert with_outcome_banner(twice, marker, then, "abc", "https://run") == twice
    assert is_quiet(rendered(once).prose)


def test_the_outcome_of_a_huge_run_still_fits() -> None:
    wrong = [
        {"address": f"grant {number}", "result": "failed", "message": f"{number} " + "x" * 1000}
        for number in range(5000)
    ]
    end = ending({"exit_code": 5, "message": "x", "run": {"outcomes": wrong, "held": []}, "journal": None})
    full = with_outcome_banner(f"{Where().marker}\n" + "y" * 60_000, Where().marker, end, "abc", None)
    assert size([full]) <= 65_536
    assert f"and {5000 - full.count('- failed: grant')} more" in full
    assert with_outcome_banner(None, Where().marker, end, "abc", None).startswith(Where().marker)
