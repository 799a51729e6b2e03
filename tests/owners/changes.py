"""Random changes of the example mesh, as somebody would make them who tries to decide about what is not his."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.life.play import subscription

Files = dict[str, str]
HERE = "consumers/analytics-coe/subscriptions"
PRODUCTS = {
    "fund-prices": ("asset-management", "fund_price"),
    "credit-profile": ("consumer-banking", "credit_card"),
    "deal-pipeline": ("investment-banking", "deal"),
}
LABELS = ("public", "internal", "confidential", "restricted")
PLACES = ("", "fund-prices/", "deal-pipeline/", "asset-management/", "consumer-banking/credit-profile/", "x/automatic/")


def _product(choice: Random) -> str:
    name = choice.choice(sorted(PRODUCTS))
    return f"domains/{PRODUCTS[name][0]}/products/{name}.yaml"


def new_subscription(files: Files, choice: Random) -> None:
    name, product = f"s{choice.randrange(100)}", choice.choice(sorted(PRODUCTS))
    fields = {"product": f"{PRODUCTS[product][0]}/{product}"}
    if choice.random() < 0.3:
        domains = choice.sample([domain for domain, _ in PRODUCTS.values()], 2)
        fields = {"product": "~", "expression": f"{{domain: [{', '.join(domains)}]}}"}
    if choice.random() < 0.3:
        fields["permissions"] = f"[SELECT, DESCRIBE, {choice.choice(['INSERT', 'DELETE', 'ALTER', 'DROP'])}]"
    asked = ", ".join(sorted(choice.sample(LABELS, choice.randint(1, 3))))
    reader = choice.choice(["credit-analyst", "data-scientist"])
    files[f"{HERE}/{choice.choice(PLACES)}{name}.yaml"] = subscription(name, asked, **fields, principals=f"[{reader}]")


def other_subscription(files: Files, choice: Random) -> None:
    every = sorted(path for path in files if "/subscriptions/" in path)
    if every:
        path = choice.choice(every)
        files[path] = files[path].replace("internal", choice.choice(LABELS))


def no_subscription(files: Files, choice: Random) -> None:
    every = sorted(path for path in files if "/subscriptions/" in path)
    if every:
        del files[choice.choice(every)]


def moved(files: Files, choice: Random) -> None:
    path = choice.choice(sorted(files))
    files[f"{HERE}/asset-management/{path.rpartition('/')[2]}"] = files.pop(path)


def relabelled(files: Files, choice: Random) -> None:
    path = _product(choice)
    old = choice.choice(LABELS)
    files[path] = files[path].replace(f"sensitivity: {old}", f"sensitivity: {choice.choice(LABELS)}", 1)


def relaxed(files: Files, choice: Random) -> None:
    path = _product(choice)
    rule = choice.choice(["{mode: automatic}", "{mode: owner, automaticUpTo: confidential}"])
    lines = [line for line in files[path].splitlines() if not line.startswith("approval:")]
    files[path] = "\n".join([*lines, f"approval: {rule}", ""])


def owned(files: Files, choice: Random) -> None:
    path = choice.choice([_product(choice), "lf-tags/sensitivity.yaml", "domains/consumer-banking/domain.yaml"])
    lines = files[path].splitlines()
    files[path] = "\n".join("owner: asset-management-stewards" if each.startswith("owner:") else each for each in lines)


def elsewhere(files: Files, choice: Random) -> None:
    path = choice.choice([path for path in files if path.endswith("domain.yaml")])
    files[path] += choice.choice(["prefix: elsewhere/\n", "bucket: somewhere-else\n", "manageBucket: false\n"])


def other_team(files: Files, choice: Random) -> None:
    path = choice.choice(sorted(path for path in files if path.startswith("teams/")))
    lines = [line for line in files[path].splitlines() if not line.startswith("github:")]
    files[path] = "\n".join([*lines, "github: example-bank/asset-management-stewards", ""])


def other_reader(files: Files, choice: Random) -> None:
    path = "consumers/analytics-coe/consumer.yaml"
    role = choice.choice(["credit-analyst", "data-scientist"])
    files[path] = files[path].replace(f"role: {role}", f"role: {role}-{choice.randrange(9)}")


def other_account(files: Files, choice: Random) -> None:
    path = choice.choice(sorted(path for path in files if path.startswith("accounts/")))
    files[path] = files[path].replace("4444", "5555") + choice.choice(["", "admins: [mallory]\n"])


def other_rules(files: Files, choice: Random) -> None:
    path, old, new = choice.choice(
        [
            ("lf-tags/sensitivity.yaml", "ordered: true", "ordered: false"),
            ("lf-tags/sensitivity.yaml", "value: restricted,", "value: severe,"),
            ("mesh.yaml", "limits:", "sensitivityKey: subject\nlimits:"),
            ("mesh.yaml", "limits:", "approvals: {by: document}\nlimits:"),
        ]
    )
    files[path] = files[path].replace(old, new)


CHANGES: tuple[Callable[[Files, Random], None], ...] = (
    new_subscription,
    other_subscription,
    no_subscription,
    moved,
    relabelled,
    relaxed,
    owned,
    elsewhere,
    other_team,
    other_reader,
    other_account,
    other_rules,
)
