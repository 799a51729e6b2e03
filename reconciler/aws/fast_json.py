"""Plain: answers that are all text, taken as the JSON that they are.

botocore walks through an answer by its model, value by value, which for a hundred tables with their columns' tags takes
twenty times as long as reading the JSON. Where a model has neither times nor bytes, the result is the same.
"""

from __future__ import annotations

from typing import Any

from reconciler.aws.answers import json_answer

ALL_TEXT = ("lakeformation.SearchTablesByLFTags",)
"""Operations, whose answers are long."""


def use_fast_json(service: str, client: Any) -> Any:
    """The same client, which does not walk through these answers."""
    event = f"before-parse.{client.meta.service_model.service_id.hyphenize()}"
    for name in ALL_TEXT:
        of, _, operation = name.partition(".")
        if of == service:
            client.meta.events.register(f"{event}.{operation}", _read)
    return client


def _read(
    operation_model: Any, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Handler of botocore: what is put into the second is added to what it finds in the first."""
    if response_dict["status_code"] != 200:
        return
    said = json_answer(operation_model, response_dict["body"])
    if said is not None:
        customized_response_dict.update(said)
        response_dict["body"] = b"{}"
