"""The site on this machine, made anew when a document changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import urllib3

from reconciler.catalog.site.serving import Served, server
from reconciler.errors import MeshformError


class Site:
    """A folder with one document, whose text is the site; `wrong` is no mesh."""

    def __init__(self, folder: Path) -> None:
        self.file, self.said = folder / "mesh.yaml", list[str]()
        self.edit("one", 1)
        self.served = Served(folder, self.build, self.said.append)

    def build(self) -> dict[str, str]:
        text = self.file.read_text()
        if text == "wrong":
            raise MeshformError("no mesh")
        return {"index.html": text, "columns/a.größe 1.html": "columns"}

    def edit(self, text: str, time: int) -> None:
        self.file.write_text(text)
        os.utime(self.file, (time, time))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with server(site.served, 0) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_a_change_is_seen_and_a_mistake_leaves_the_pages(site: Site) -> None:
    assert site.served.now()["index.html"] == "one"
    site.edit("two", 2)
    assert site.served.now()["index.html"] == "two"
    site.edit("wrong", 3)
    assert site.served.now()["index.html"] == "two"
    assert site.said == ["made anew", "not made anew: no mesh"]


def test_open_pages_are_told_when_there_are_new_ones(site: Site, address: str) -> None:
    page = "<html><head></head></html>"
    site.edit(page, 2)
    assert b'<script defer src="/reload.js"></script></head>' in urllib3.request("GET", f"{address}/").data
    assert b"/version" in urllib3.request("GET", f"{address}/reload.js").data
    before = urllib3.request("GET", f"{address}/version").data
    assert urllib3.request("GET", f"{address}/version").data == before
    site.edit("wrong", 3)
    assert urllib3.request("GET", f"{address}/version").data == before
    site.edit("two", 4)
    assert urllib3.request("GET", f"{address}/version").data != before


def test_pages_and_what_is_not_there(address: str) -> None:
    found = urllib3.request("GET", f"{address}/")
    assert (found.status, found.data, found.headers["Content-Type"]) == (200, b"one", "text/html; charset=utf-8")
    assert urllib3.request("GET", f"{address}/columns/a.gr%C3%B6%C3%9Fe%201.html?x=1").data == b"columns"
    for path in ("../mesh.yaml", "%2e%2e/mesh.yaml"):
        assert urllib3.request("GET", f"{address}/{path}").status == 404
