"""One step with aws-data-mesh-utils, run by its own Python: `mesh_utils.py <step> <mesh> <producer> <consumer>`."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import boto3
from data_mesh_util.DataMeshAdmin import DataMeshAdmin
from data_mesh_util.DataMeshConsumer import DataMeshConsumer
from data_mesh_util.DataMeshProducer import DataMeshProducer

REGION = "eu-west-1"


def keys() -> Any:
    return boto3.Session().get_credentials()


def initialize_mesh(mesh: str, producer: str, consumer: str) -> Any:
    return DataMeshAdmin(mesh, REGION).initialize_mesh_account()


def initialize_producer(mesh: str, producer: str, consumer: str) -> Any:
    return DataMeshAdmin(mesh, REGION).initialize_producer_account()


def initialize_consumer(mesh: str, producer: str, consumer: str) -> Any:
    return DataMeshAdmin(mesh, REGION).initialize_consumer_account()


def enable(mesh: str, producer: str, consumer: str) -> Any:
    DataMeshAdmin(mesh, REGION).enable_account_as_producer(producer)
    DataMeshAdmin(mesh, REGION).enable_account_as_consumer(consumer)


def create_product(mesh: str, producer: str, consumer: str) -> Any:
    made = DataMeshProducer(mesh, REGION, use_credentials=keys())
    return made.create_data_products("cards", table_name_regex="credit", domain="risk", data_product_name="credit")


def request(mesh: str, producer: str, consumer: str) -> Any:
    asking = DataMeshConsumer(mesh, REGION, use_credentials=keys())
    return asking.request_access_to_product(producer, f"cards-{producer}", ["credit"], ["SELECT", "DESCRIBE"])


def approve(mesh: str, producer: str, consumer: str, *grantable: str) -> Any:
    made = DataMeshProducer(mesh, REGION, use_credentials=keys())
    (pending,) = made.list_pending_access_requests()["Subscriptions"]
    identifier = pending["SubscriptionId"]
    rights = {"grant_permissions": ["SELECT", "DESCRIBE"], "grantable_permissions": list(grantable) or None}
    made.approve_access_request(identifier, decision_notes="yes", **rights)
    return made.get_subscription(identifier)


def finalize(mesh: str, producer: str, consumer: str) -> Any:
    asking = DataMeshConsumer(mesh, REGION, use_credentials=keys())
    (active,) = asking.list_product_access()["Subscriptions"]
    asking.finalize_subscription(active["SubscriptionId"])
    return asking.get_subscription(active["SubscriptionId"])


STEPS = (
    initialize_mesh, initialize_producer, initialize_consumer, enable, create_product, request, approve, finalize,
)  # fmt: skip

if __name__ == "__main__":
    logging.disable()
    step = next(each for each in STEPS if each.__name__ == sys.argv[1])
    print(json.dumps(step(*sys.argv[2:]), default=str))
