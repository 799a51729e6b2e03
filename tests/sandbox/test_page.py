"""docs/sandbox.md: its list of operations is made from the handlers, its commands run."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

from reconciler.sandbox.core.operation import Operation
from reconciler.sandbox.core.service_registry import operations
from reconciler.sandbox.http.protocol.models import governed_model, operation_model, snake
from tests.sandbox.conftest import Http

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
SERVED = ("lakeformation", "ram", "glue", "athena", "sts", "cloudtrail")
START, END = "<!-- operations -->\n", "<!-- end of operations -->"


def listed(service: str) -> str:
    """The operations of a service: those simulated with what they refuse, then the others."""
    names = governed_model(service).operation_names
    handlers = operations(service)
    done = [name for name in names if snake(name) in handlers]
    missing = [name for name in names if name not in done]
    lines = [f"### {service}", "", f"{len(done)} of {len(names)} are simulated:", ""]
    lines += [f"- {name}{_refusals(service, name, handlers[snake(name)])}" for name in done]
    lines += ["", f"<details><summary>{len(missing)} answer NotImplemented</summary>", ""]
    return "\n".join([*lines, ", ".join(missing), "", "</details>", ""])


def _refusals(service: str, name: str, handler: Operation) -> str:
    shape = operation_model(service, name).input_shape
    members = [] if shape is None else list(shape.members)
    refused = {member for member in members if handler.unheeded({member: "x"})}
    leading = {member for member in refused if any(path.startswith(f"{member}.") for path in handler.honours)}
    told = sorted({*(refused - leading), *handler.refuses})
    return f" ({', '.join(told)})" if told else ""


def test_the_list_of_operations_is_fresh() -> None:
    """`make golden` writes it anew."""
    before, _, rest = PAGE.read_text().partition(START)
    after = rest.partition(END)[2]
    wanted = before + START + "\n" + "\n".join(map(listed, SERVED)) + "\n" + END + after
    if os.environ.get("GOLDEN") == "refresh":
        PAGE.write_text(wanted)
    assert PAGE.read_text() == wanted, "run make golden"


def test_the_commands_of_the_page_run(http: Http) -> None:
    """Every curl on the page is accepted by the control endpoints."""
    commands = [line for line in PAGE.read_text().splitlines() if line.startswith("curl ")]
    assert len(commands) > 5
    for line in commands:
        words = shlex.split(line)
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
        (path,) = re.findall(r"http://127\.0\.0\.1:5566/_sandbox/([\w-]+)", line)
        http.control(method, path, body)
    assert http.control("GET", "faults") == []


def test_the_python_on_the_page_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    exec(compile(code, "sandbox.md", "exec"), {})


def test_the_numbers_on_the_page_are_measured() -> None:
    """Calls a second and the cost of grants, as docs/performance/sandbox.json has them."""
    measured = json.loads((PAGE.parent / "performance" / "sandbox.json").read_text())
    single = [
        each["calls_per_second"]
        for each in measured["calls"]
        if "page" not in each["call"] and "HTTP" not in each["call"] and "moto" not in each["call"]
    ]
    low, high = re.findall(r"run at ([\d,]+) to ([\d,]+) a second", " ".join(PAGE.read_text().split()))[0]
    assert int(low.replace(",", "")) <= min(single)
    assert min(single) >= 500
    assert int(high.replace(",", "")) <= max(single)
    costs = [each["grant_call_us"] for each in measured["grants"]]
    assert [each["grants"] for each in measured["grants"]] == [100, 1_000, 10_000, 100_000]
    assert max(costs) < 1.5 * min(costs)
