"""Where notices pass: buses, topics, rules and the roles that carry events to other accounts."""

from __future__ import annotations

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.product import Product
from reconciler.spec.limits import EVENT_RULE_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted, own_role, partition, work_role

SOURCE = "meshform"
"""The source of the events that Meshform itself puts on the mesh's bus."""

DEFAULT_BUS = "default"


def bus_name(mesh: Mesh) -> str:
    """Name of the mesh's bus, the same in every account."""
    return f"meshform-{mesh.name}"


def bus_arn(mesh: Mesh, account: str, name: str) -> str:
    """ARN of a bus of an account."""
    return f"arn:{partition(mesh.region)}:events:{mesh.region}:{account}:event-bus/{name}"


def topic_name(mesh: Mesh, product: Product) -> str:
    """Name of the topic with a product's news, in the central account."""
    return f"meshform-{mesh.name}-{product.name}"


def topic_arn(mesh: Mesh, product: Product) -> str:
    """ARN of the topic with a product's news."""
    return f"arn:{partition(mesh.region)}:sns:{mesh.region}:{mesh.central.id}:{topic_name(mesh, product)}"


def rule_name(mesh: Mesh, of: str, what: str) -> str:
    """Name of a rule: of a product or account, and what it passes on."""
    return fitted(f"meshform-{mesh.name}-{of}-{what}", EVENT_RULE_NAME)


def carrier_name(mesh: Mesh, account: Account) -> str:
    """Name of the role by which an account's rules put events on other accounts' buses."""
    return work_role(mesh.name, "events-from", account.name)


def carrier_arn(mesh: Mesh, account: Account) -> str:
    """ARN of that role."""
    return f"arn:{partition(mesh.region)}:iam::{account.id}:role/{own_role(mesh, carrier_name(mesh, account))}"
