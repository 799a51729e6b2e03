"""First guesses of how sensitive a column is: by its name, and by columns of that name in the domain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.making.found import FoundColumn
from reconciler.spec.approval import levels
from reconciler.spec.contracts.classification import scale_of
from reconciler.spec.mesh import Mesh

# Whole words of a name. Guesses are never the least sensitive: a wrong one keeps people out and lets nobody in.
_PERSON = re.compile(
    r"e?mail|iban|bic|swift|birth|born|dob|birthday|birthdate|geburts|geburtsdatum|geburtstag|firstname|lastname|surname|"
    r"fullname|forename|vorname|nachname|phone|telephone|mobile|fax|telefon|telef|address|addr|street|strasse|anschrift|"
    r"adresse|postcode|postal|zip|zipcode|plz|ssn|passport|taxid|steuernummer|license|pan|cvv|cvc|creditcard|"
    r"sex|gender|geschlecht|famges|age|alter|marital|religion|ethnicity|race|nationality|citizenship|foreign|gastarb|"
    r"health|diagnosis|disability|biometric|fingerprint|password|passwd|secret|token|latitude|longitude|ip"
)
_NAME = re.compile(
    r"name|(?:.*_)?(?:first|last|full|sur|given|family|middle|maiden|customer|client|holder|person)_name"
)
_PAIR = re.compile(r".*(?:tax_id|national_id|social_security|card_number|account_number|ip_address|credit_card).*")
_MONEY = re.compile(
    r"salary|salaries|wage|wages|income|gehalt|einkommen|pay|bonus|balance|debt|debts|debtor|debtors|credit|kredit|"
    r"savings|sparkont|score|rating|wealth|turnover|amount|hoehe"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A value of the sensitivity, and what it was guessed by."""

    value: str
    why: str


def guesses(mesh: Mesh, domain: str, columns: Iterable[str]) -> dict[str, Guess]:
    """Labels by column; what tells nothing has none. Empty where the mesh's sensitivities have no order."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    order = [value for value in levels(mesh) if tag is not None and value in tag.value_names]
    if not order:
        return {}
    known = _of_domain(mesh, domain, order)
    found: dict[str, Guess] = {}
    for column in columns:
        at = _by_name(column)
        if at is not None:
            found[column] = Guess(order[max(len(order) - at, 0)], "by its name")
        if column in known and (
            column not in found or order.index(known[column].value) >= order.index(found[column].value)
        ):
            found[column] = known[column]
    return found


def at_least(mesh: Mesh, found: Mapping[str, Guess], columns: Iterable[FoundColumn]) -> dict[str, Guess]:
    """Guesses that are no lower than what a contract says is in a column, or is read with it."""
    scale, better = scale_of(mesh.settings.sensitivity_key, mesh.tags.values()), dict(found)
    for column in columns:
        value, why = column.least
        guess = found.get(column.name)
        if value and (guess is None or scale.highest((guess.value, value)) != guess.value):
            better[column.name] = Guess(value, why)
    return better


def _by_name(column: str) -> int | None:
    """How far from the most sensitive end a name is, from 1; None where it tells nothing."""
    words = [word for word in re.split(r"[^a-z0-9]+", column.lower()) if word]
    joined = "_".join(words)
    if any(_PERSON.fullmatch(word) for word in words) or _NAME.fullmatch(joined) or _PAIR.fullmatch(joined):
        return 1
    return 2 if any(_MONEY.fullmatch(word) for word in words) else None


def _of_domain(mesh: Mesh, domain: str, order: list[str]) -> dict[str, Guess]:
    """The most sensitive label that a column of each name has in the products of a domain, but for the least one."""
    key, found = mesh.settings.sensitivity_key, dict[str, Guess]()
    for product in mesh.products.values():
        for table in product.tables if product.domain == domain else ():
            for column in table.columns:
                value = column.tags.get(key) or table.tags.get(key) or product.tags.get(key)
                if value not in order[1:]:
                    continue
                if column.name not in found or order.index(found[column.name].value) < order.index(value):
                    found[column.name] = Guess(value, f"as in {product.name}")
    return found
