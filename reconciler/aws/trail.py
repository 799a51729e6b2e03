"""Trail: what CloudTrail's event history tells of the last 90 days, at its own pace of two requests a second.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.retry import error_parts
from reconciler.aws.sessions import Sessions
from reconciler.model.address import Placement
from reconciler.model.api_call import ApiCall, api_call
from reconciler.model.plain_json import plain_json
from reconciler.model.reader import Unseen

SECONDS = 0.5
"""Between two requests to one account in one region."""
PAGES = 10
"""Of 50 events each: what lies further back for one name is not looked for."""
REQUESTS = 100
"""In one run: drift that is more than that can be told is not told later for it."""


class Trail:
    """The event history of accounts. `refused` says where it could not be read, and why."""

    def __init__(self, sessions: Sessions, pages: int = PAGES, requests: int = REQUESTS) -> None:
        self._sessions = sessions
        self._pages, self._most = pages, requests
        self._last: dict[Placement, float] = {}
        self.requests = 0
        self.refused: dict[Placement, str] = {}

    def calls(self, placement: Placement, name: str) -> Iterator[ApiCall]:
        """Requests of a name (`glue:DeleteTable`) that were done, the latest first; page by page, as far as taken."""
        service, _, event = name.partition(":")
        asked = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": event}], "MaxResults": 50}
        for _ in range(self._pages):
            if placement in self.refused or self.requests == self._most:
                return
            answer = self._page(placement, asked)
            for row in answer.get("Events", ()):
                call = _call(row.get("CloudTrailEvent"))
                if call is not None and call.name == f"{service}:{event}":
                    yield call
            if not answer.get("NextToken"):
                return
            asked["NextToken"] = answer["NextToken"]

    def _page(self, placement: Placement, asked: dict[str, object]) -> dict[str, Any]:
        """One page; an empty one where AWS does not tell."""
        try:
            client = self._sessions.client(placement, "cloudtrail")
            self._wait(placement)
            self.requests += 1
            answer: dict[str, Any] = client.lookup_events(**asked)
        except ClientError as error:
            code, message = error_parts(error)
            self.refused[placement] = f"cloudtrail.LookupEvents: {code}: {message}"
        except (BotoCoreError, Unseen) as error:
            self.refused[placement] = str(error)
        else:
            return answer
        return {}

    def _wait(self, placement: Placement) -> None:
        now = time.monotonic()
        turn = max(now, self._last.get(placement, now - SECONDS) + SECONDS)
        self._last[placement] = turn
        if turn > now:
            time.sleep(turn - now)


def _call(text: object) -> ApiCall | None:
    try:
        return api_call(plain_json(str(text)))
    except ValueError:
        return None
