"""Changes of the example mesh, with who must approve each and why: the lines of the table in owners/approval.py."""

from __future__ import annotations

from reconciler.spec.mesh import Mesh
from tests.estate import Edit, Files, bank, example, variant
from tests.life.play import subscription
from tests.owners.changes import HERE
from tests.owners.teams import CREDIT_OWNER, DEAL_OWNER, FUND_OWNER, GOVERNANCE
from tests.owners.test_taken_files import GOES, LIES, copies

CREDIT, FUNDS = (
    f"domains/{name}.yaml"
    for name in ("consumer-banking/products/credit-profile", "asset-management/products/fund-prices")
)
BANKING, SENSITIVITY = "domains/consumer-banking/domain.yaml", "lf-tags/sensitivity.yaml"
TO_FUNDS, WRITING = {"product": "asset-management/fund-prices"}, {"permissions": "[SELECT, DESCRIBE, INSERT]"}
RULE = "approval: {mode: owner, automaticUpTo: internal}"
NO_ORDER: tuple[Edit, ...] = ((SENSITIVITY, "ordered: true\n", "ordered: false\n"), (FUNDS, f"{RULE}\n", ""))
OPEN: Edit = (FUNDS, RULE, "approval: {mode: automatic}")
STRICT: Edit = (FUNDS, RULE, "approval: {mode: owner}")
FRESH = example()[FUNDS].replace("fund-prices", "fresh").replace("fund_price", "fresh")
NEW_DOMAIN = {
    "domains/fresh/domain.yaml": "apiVersion: meshform/v1\nkind: Domain\nname: fresh\ndescription: x\nowner: someone\n"
    "account: banking-data\n",
    "domains/fresh/products/fresh.yaml": FRESH.replace("asset-management", "fresh"),
}
INCIDENT = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: A key was found.\nby: ciso\n"
MOST = "it reaches restricted data of investment-banking/deal-pipeline, the most sensitive label there is"
Asked = set[tuple[str, str, str, str]]


def new(clearance: str, /, **fields: str) -> Files:
    """A subscription more."""
    place = HERE.replace("analytics-coe", fields.get("consumer", "analytics-coe"))
    return {f"{place}/new.yaml": subscription("new", clearance, **fields)}


def suspension(more: str = "") -> Files:
    """A suspension of all that is read of a product."""
    return {"suspensions/incident.yaml": f"{INCIDENT}product: consumer-banking/credit-profile\n{more}"}


def moved(domain: str) -> Files:
    """The product of funds in another domain."""
    text = example()[FUNDS].replace("domain: asset-management", f"domain: {domain}")
    return {FUNDS.replace("asset-management", domain): text}


FUNDS_CHANGED = ("Product fund-prices", "owner", FUND_OWNER, "the product is changed")
CREDITS_CHANGED = ("Product credit-profile", "owner", CREDIT_OWNER, "the product is changed")
COPIES_NEW = ("Product copies", "owner", CREDIT_OWNER, "the product is new")
TAG_CHANGED = ("LFTag sensitivity", "governance", GOVERNANCE, "it is changed")
FUND, DEAL = "asset-management/fund-prices", "investment-banking/deal-pipeline"
NEW = "Subscription new"
WRITERS = "writers: [{name: dbt, role: dbt}, {name: loader, role: loader}]\n"
WRITTEN: Edit = (CREDIT, "kind: Product\n", f"kind: Product\n{WRITERS}")
BANKING_CHANGED = ("Domain consumer-banking", "owner", CREDIT_OWNER, "the domain is changed")
ELSEWHERE = ("Domain consumer-banking", "governance", GOVERNANCE, "the domain keeps its data elsewhere")
WRITES = f"it reaches restricted data of {DEAL}, and may do more than read (INSERT)"
WROTE: Asked = {(NEW, "governance", GOVERNANCE, MOST), (NEW, "owner", DEAL_OWNER, WRITES)}
AROUND = "it gives its consumer what a suspension of one of its subscriptions takes away"
SUSPENDED = {"suspensions/incident.yaml": f"{INCIDENT}subscription: credit-risk-model\n"}
TO_CREDITS = {"product": "consumer-banking/credit-profile"}
BY_OTHERS = {"consumer": "others", "principals": "[reader]"}
OTHERS = {
    "consumers/others/consumer.yaml": "apiVersion: meshform/v1\nkind: Consumer\nname: others\ndescription: x\n"
    "owner: x\naccount: analytics\nprincipals: [{name: reader, role: reader}, {name: data-scientist, role: other}]\n"
}
A_VIEW = (
    "  - {name: seen, definition: external, format: view, tags: {sensitivity: internal}, "
    "columns: [{name: a, type: int}]}\n"
)
CASES: dict[str, tuple[Mesh, Mesh, Asked]] = {
    "up to what is automatic": (
        bank(),
        variant(more=new("public, internal", **TO_FUNDS)),
        {(NEW, "automatic", "", f"{FUND} asks for no approval up to internal")},
    ),
    "where all is automatic": (
        variant(OPEN),
        variant(OPEN, more=new("internal", **TO_FUNDS)),
        {(NEW, "automatic", "", f"{FUND} asks for no approval")},
    ),
    "by a rule that is relaxed with it": (
        variant(STRICT),
        variant(more=new("internal", **TO_FUNDS)),
        {FUNDS_CHANGED, (NEW, "owner", FUND_OWNER, f"it reaches internal data of {FUND}")},
    ),
    "above what is automatic": (
        bank(),
        variant(more=new("internal, confidential", **TO_FUNDS)),
        {(NEW, "owner", FUND_OWNER, f"it reaches confidential data of {FUND}")},
    ),
    "more than reading": (
        bank(),
        variant(more=new("internal", **TO_FUNDS, **WRITING)),
        {(NEW, "owner", FUND_OWNER, f"it reaches internal data of {FUND}, and may do more than read (INSERT)")},
    ),
    "more than reading, beside the most sensitive": (bank(), variant(more=new("internal", **WRITING)), WROTE),
    "the same, and the order of labels goes": (
        bank(),
        variant(*NO_ORDER, more=new("internal", **WRITING)),
        {FUNDS_CHANGED, TAG_CHANGED, *WROTE},
    ),
    "the same, and an order of labels comes": (
        variant(*NO_ORDER),
        variant(more=new("internal", **WRITING)),
        {FUNDS_CHANGED, TAG_CHANGED, *WROTE},
    ),
    "labels without an order": (
        variant(*NO_ORDER),
        variant(*NO_ORDER, more=new("internal")),
        {(NEW, "owner", DEAL_OWNER, f"it reaches data of {DEAL}")},
    ),
    "the most sensitive": (bank(), variant(more=new("restricted")), {(NEW, "governance", GOVERNANCE, MOST)}),
    "no product yet": (
        bank(),
        variant(more=new("internal", product="~", expression="{subject: [deals], domain: [asset-management]}")),
        {(NEW, "governance", GOVERNANCE, "it reaches no product yet and every one that will carry these tags")},
    ),
    "taken away": (variant(more=new("internal")), bank(), {(NEW, "owner", DEAL_OWNER, "it is taken away")}),
    "to something else": (
        variant(more=new("internal")),
        variant(more=new("internal", **TO_FUNDS)),
        {
            (NEW, "owner", DEAL_OWNER, "it is taken away"),
            (NEW, "automatic", "", f"{FUND} asks for no approval up to internal"),
        },
    ),
    "around a suspension": (
        variant(more=SUSPENDED),
        variant(more={**SUSPENDED, **new("internal", **TO_CREDITS)}),
        {
            (NEW, "owner", CREDIT_OWNER, "it reaches internal data of consumer-banking/credit-profile"),
            (NEW, "governance", GOVERNANCE, AROUND),
        },
    ),
    "beside a suspension, to something else": (
        variant(more=SUSPENDED),
        variant(more={**SUSPENDED, **new("internal", **TO_FUNDS)}),
        {(NEW, "automatic", "", f"{FUND} asks for no approval up to internal")},
    ),
    "beside a suspension, of somebody else": (
        variant(more={**SUSPENDED, **OTHERS}),
        variant(more={**SUSPENDED, **OTHERS, **new("internal", **TO_CREDITS, **BY_OTHERS)}),
        {(NEW, "owner", CREDIT_OWNER, "it reaches internal data of consumer-banking/credit-profile")},
    ),
    "new product": (
        bank(),
        variant(more={FUNDS.replace("fund-prices", "fresh"): FRESH}),
        {("Product fresh", "owner", FUND_OWNER, "the product is new")},
    ),
    "new domain": (
        bank(),
        variant(more=NEW_DOMAIN),
        {
            ("Domain fresh", "governance", GOVERNANCE, "it is new"),
            ("Product fresh", "governance", GOVERNANCE, "the product is new in a new domain"),
        },
    ),
    "domain with its products taken away": (
        variant(more=NEW_DOMAIN),
        bank(),
        {
            ("Domain fresh", "owner", "someone", "the domain is taken away"),
            ("Product fresh", "owner", "fresh-stewards", "the product is taken away"),
        },
    ),
    "product in another domain": (
        bank(),
        variant(without=[FUNDS], more=moved("investment-banking")),
        {
            FUNDS_CHANGED,
            ("Product fund-prices", "owner", DEAL_OWNER, "the product comes to investment-banking"),
        },
    ),
    "product in a new domain": (
        bank(),
        variant(without=[FUNDS], more={**moved("fresh"), **dict([*NEW_DOMAIN.items()][:1])}),
        {
            FUNDS_CHANGED,
            ("Domain fresh", "governance", GOVERNANCE, "it is new"),
            ("Product fund-prices", "governance", GOVERNANCE, "the product comes to fresh in a new domain"),
        },
    ),
    "labels lowered": (
        bank(),
        variant((CREDIT, "sensitivity: restricted", "sensitivity: internal")),
        {
            CREDITS_CHANGED,
            (
                "Product credit-profile",
                "governance",
                GOVERNANCE,
                "credit_card.age, credit_card.foreign_worker, credit_card.personal_status_sex would be "
                "restricted no more",
            ),
        },
    ),
    "writers": (
        bank(),
        variant(WRITTEN),
        {
            CREDITS_CHANGED,
            (
                "Product credit-profile",
                "governance",
                GOVERNANCE,
                "its writers (dbt, loader) read whole files of it",
            ),
        },
    ),
    "words, with writers that stay": (
        variant(WRITTEN),
        variant(WRITTEN, (CREDIT, "per credit", "a credit")),
        {CREDITS_CHANGED},
    ),
    "files of the most sensitive": (
        variant(LIES),
        variant(GOES, more={CREDIT.replace("credit-profile", "copies"): copies(["cards/"])}),
        {
            CREDITS_CHANGED,
            COPIES_NEW,
            (
                "Product copies",
                "governance",
                GOVERNANCE,
                "copies.t0 comes to the files of credit-profile.credit_card, which are restricted",
            ),
        },
    ),
    "a view, which has no files": (
        variant(LIES),
        variant(GOES, more={CREDIT.replace("credit-profile", "copies"): copies(["card/"]) + A_VIEW}),
        {
            CREDITS_CHANGED,
            COPIES_NEW,
        },
    ),
    "its own files from above": (
        variant(LIES),
        variant((CREDIT, "location: credit_card/", "location: cards/")),
        {CREDITS_CHANGED},
    ),
    "words of a domain": (
        bank(),
        variant((BANKING, "description: Accounts", "description: All accounts")),
        {BANKING_CHANGED},
    ),
    **{
        f"place of a domain: {line}": (
            bank(),
            variant((BANKING, "stewards:", f"{line}\nstewards:")),
            {BANKING_CHANGED, ELSEWHERE},
        )
        for line in ("prefix: x", "bucket: a-bucket-elsewhere", "manageBucket: false")
    },
    "suspension": (
        bank(),
        variant(more=suspension()),
        {
            (
                "Suspension incident",
                "governance",
                GOVERNANCE,
                "it takes access away, which governance or an owner of what it is about may ask for",
            )
        },
    ),
    "shorter suspension": (
        variant(more=suspension()),
        variant(more=suspension("until: 2026-12-24\n")),
        {("Suspension incident", "governance", GOVERNANCE, "it is changed")},
    ),
    "anything else": (
        bank(),
        variant((SENSITIVITY, "Published or meant", "Published or intended")),
        {("LFTag sensitivity", "governance", GOVERNANCE, "it is changed")},
    ),
}
