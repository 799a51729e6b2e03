"""The two-minute path of an analyst in a real Chromium, by keyboard: a typing error, a product, a filled-in request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from reconciler.catalog.site.output import write
from reconciler.catalog.site.render import site
from reconciler.owners.approval import demands
from tests.catalog.site.lived import lived, lived_mesh
from tests.estate import bank, edited, mesh_of

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
NEW = "https://github.com/bank/mesh/new/main?filename=mesh/{path}&value={text}"
#: Nothing that a browser does by itself: this machine may have no way out.
QUIET = ("quic", "gpu", "background-networking", "component-update", "sync", "dev-shm-usage", "extensions")
PAGES = (
    "index.html",
    "products/credit-profile.html",
    "columns/credit-profile.credit_card.html",
    "columns/credit-profile.credit_card.html#age",
    "domains/consumer-banking.html",
    "consumers/analytics-coe.html",
    "teams/consumer-banking-stewards.html",
    "requests.html",
    "drift.html",
    "history.html",
    "tags/sensitivity.html",
    "policies.html",
    "changes.html",
)

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not installed")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    write(site(lived_mesh(), lived(new_file=NEW)), out)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    options = webdriver.ChromeOptions()
    for word in ("headless=new", "no-sandbox", "no-first-run", *(f"disable-{each}" for each in QUIET)):
        options.add_argument(f"--{word}")
    options.binary_location = str(CHROMIUM)
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    driver.set_script_timeout(600)  # axe on a busy machine
    yield driver
    driver.quit()


def press(browser: WebDriver, *keys: str) -> None:
    """Keys to whatever has the focus."""
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def tab_to(browser: WebDriver, what: str) -> None:
    """Press Tab until the element has the focus; as many times as there are things on a page, and no more."""
    for _ in range(120):
        if browser.execute_script("return document.activeElement.matches(arguments[0])", what):
            return
        press(browser, Keys.TAB)
    raise AssertionError(f"{what} cannot be reached by Tab")


def test_search_product_ask_and_the_page_of_the_forge_by_keyboard_alone(browser: WebDriver, pages: Path) -> None:
    browser.get((pages / "index.html").as_uri())
    tab_to(browser, "#search")
    press(browser, "credti profle"[:6])
    tab_to(browser, "#products a")
    press(browser, Keys.ENTER)
    assert browser.current_url.partition("#")[0].endswith("products/credit-profile.html")
    tab_to(browser, "#who")
    press(browser, "analytics-coe/credit-analyst")
    tab_to(browser, "input[name=how]")
    press(browser, Keys.ARROW_DOWN)
    tab_to(browser, "#why")
    press(browser, 'To see: "what" #1 costs\\')
    assert browser.find_element("id", "gives").text.startswith("That gives 17 columns: ")
    tab_to(browser, "#open")
    asked = urlsplit(browser.switch_to.active_element.get_attribute("href") or "")
    told = parse_qs(asked.query)
    assert (asked.hostname, asked.path) == ("github.com", "/bank/mesh/new/main")
    (path,), (text,) = told["filename"], told["value"]
    assert path == "mesh/consumers/analytics-coe/subscriptions/credit-profile-credit-analyst.yaml"
    assert yaml.safe_load(text)["purpose"] == 'To see: "what" #1 costs\\'
    after = mesh_of(edited(more={path.removeprefix("mesh/"): text}))
    (demand,) = demands(bank(), after)
    assert f"{demand.who} must approve it" in browser.find_element("id", "gives").text


def test_who_reads_is_found_with_his_last_day(browser: WebDriver, pages: Path) -> None:
    browser.get((pages / "index.html").as_uri())
    assert not browser.find_element("id", "others-part").is_displayed()
    browser.find_element("id", "search").send_keys("portfolio reprot")
    (found,) = browser.find_elements("css selector", "#others li")
    assert found.text.startswith("subscription portfolio-report ")
    assert found.text.endswith(" ends after 2027-12-31")
    found.find_element("css selector", "a").click()
    assert browser.current_url.endswith("consumers/analytics-coe.html")


def test_a_wrong_answer_is_told_and_leads_nowhere(browser: WebDriver, pages: Path) -> None:
    browser.get((pages / "products/credit-profile.html").as_uri())
    browser.find_element("id", "who").send_keys("analytics-coe/nobody")
    browser.find_element("id", "copy").click()
    assert browser.find_element("id", "wrong").text == "The mesh knows no reader analytics-coe/nobody."
    assert browser.find_element("id", "open").get_attribute("href") is None


def test_columns_by_name_are_asked_for_as_they_are(browser: WebDriver, pages: Path) -> None:
    browser.get((pages / "products/credit-profile.html").as_uri())
    browser.find_element("id", "who").send_keys("analytics-coe/credit-analyst")
    browser.find_element("id", "why").send_keys("Age")
    browser.find_element("css selector", 'input[name=how][value=""]').click()
    browser.find_element("xpath", "//label[starts-with(., ' credit_card.age')]/input").click()
    browser.find_element("id", "rows").send_keys("amount = 1")
    browser.find_element("xpath", "//label[contains(., 'analytics-coe/data-scientist')]/input").click()
    assert browser.find_element("id", "gives").text.startswith("That gives each of them 1 column: ")
    assert "data-protection-office must approve it" in browser.find_element("id", "gives").text
    text = browser.find_element("id", "yaml").get_attribute("textContent") or ""
    asked = yaml.safe_load(text)
    assert asked["tables"] == [{"name": "credit_card", "columns": ["age"], "rows": "amount = 1"}]
    assert asked["principals"] == ["credit-analyst", "data-scientist"]
    mesh_of(edited(more={"consumers/analytics-coe/subscriptions/x.yaml": text}))


def test_what_is_suspended_is_not_promised(browser: WebDriver, tmp_path: Path) -> None:
    head = "apiVersion: meshform/v1\nkind: Suspension\nreason: Leak\nby: Ada Lovelace\nname: "
    whom = ("principal: analytics-coe/data-scientist", "tag: {sensitivity: restricted}")
    more = {f"suspensions/leak-{at}.yaml": f"{head}leak-{at}\n{each}\n" for at, each in enumerate(whom)}
    write(site(mesh_of(edited(more=more)), lived(new_file=NEW)), tmp_path / "site")
    browser.get((tmp_path / "site/products/credit-profile.html").as_uri())
    browser.find_element("id", "why").send_keys("Age")
    browser.find_element("css selector", 'input[name=how][value=""]').click()
    browser.find_element("xpath", "//label[starts-with(., ' credit_card.age')]/input").click()
    browser.find_element("id", "who").send_keys("analytics-coe/credit-analyst")
    browser.find_element("id", "copy").click()
    assert browser.find_element("id", "wrong").text == "Choose columns that are not suspended."
    browser.find_element("xpath", "//label[starts-with(., ' credit_card.amount')]/input").click()
    assert browser.find_element("id", "gives").text.startswith("That gives 1 column: credit_card.amount;")
    browser.find_element("id", "who").clear()
    browser.find_element("id", "who").send_keys("analytics-coe/data-scientist")
    assert browser.find_element("id", "gives").text == ""
    assert browser.find_element("id", "wrong").text.startswith("analytics-coe/data-scientist is suspended")
    browser.find_element("id", "who").send_keys(", analytics-coe/credit-analyst")
    said = "; nothing to analytics-coe/data-scientist while suspended;"
    assert said in browser.find_element("id", "gives").text


def test_a_column_is_found_and_asked_for_by_keyboard_alone(browser: WebDriver, pages: Path) -> None:
    browser.get((pages / "index.html").as_uri())
    tab_to(browser, "#search")
    press(browser, "forein worker")
    tab_to(browser, "#products p a")
    press(browser, Keys.ENTER)
    assert browser.current_url.endswith("columns/credit-profile.credit_card.html#foreign_worker")
    shown = [each.text for each in browser.find_elements("css selector", "main h2") if each.is_displayed()]
    assert shown == ["foreign_worker int restricted"]
    tab_to(browser, ".column:target dl a[href*=ask-title]")
    press(browser, Keys.ENTER)
    assert "foreign_worker" in browser.find_element("id", "gives").text
    tab_to(browser, "#rows")
    press(browser, "amount > 1")
    assert ", of the rows where amount > 1; data-protection-office must" in browser.find_element("id", "gives").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_against_wcag_aa(browser: WebDriver, pages: Path, page: str, scheme: str) -> None:
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)  # type: ignore[attr-defined]
    browser.get(f"{pages.as_uri()}/{page}")
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})  # type: ignore[attr-defined]
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(done)"
    )
    assert found["passes"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


@pytest.mark.parametrize("width", [390, 1024, 1600])
def test_no_page_is_wider_than_its_window(browser: WebDriver, pages: Path, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)  # type: ignore[attr-defined]
    for page in PAGES:
        browser.get(f"{pages.as_uri()}/{page}")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page


def test_without_javascript_everything_is_there_but_search_and_the_form(browser: WebDriver, pages: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})  # type: ignore[attr-defined]
    try:
        browser.get((pages / "index.html").as_uri())
        assert "Search needs JavaScript" in browser.find_element("css selector", "main").text
        assert not browser.find_element("css selector", ".search").is_displayed()
        browser.find_element("link text", "credit-profile").click()
        browser.find_element("link text", "age").click()
        sections = browser.find_elements("css selector", ".column")
        assert [each.get_attribute("id") for each in sections if each.is_displayed()] == ["age"]
        browser.find_element("link text", "all").click()
        assert all(each.is_displayed() for each in sections)
        browser.find_element("link text", "credit-profile").click()
        said = browser.find_element("css selector", "main").text
        assert "In AWS it is not as the documents say" in said
        assert "meshform request consumer-banking/credit-profile" in said
        assert not browser.find_element("id", "ask").is_displayed()
        for name in ("Requests", "Drift", "Policies", "Changes", "History", "Products"):
            browser.find_element("link text", name).click()
            assert browser.find_element("css selector", "nav a[aria-current=page]").text == name
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})  # type: ignore[attr-defined]
