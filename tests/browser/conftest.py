"""One headless Chromium for all tests, and pages of reports that must not complain.

Where no Chromium is found, these tests are skipped, and say so. ``SIM_BROWSER=required`` makes a
failure of that: ``.ci/run`` sets it.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from reported import reported

from tools.browser.chromium import Chromium
from tools.browser.finding import NoBrowserError

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = os.environ.get("SIM_BROWSER") == "required"


def missing(what):
    """Skip what needs a thing that is not here, or fail if it must be here."""
    if REQUIRED:
        pytest.fail(f"{what} (SIM_BROWSER=required)", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    try:
        browser = Chromium()
    except NoBrowserError as none:
        missing(str(none))
    with browser:
        yield browser


@pytest.fixture(scope="session")
def axe():
    """The script of axe."""
    if not AXE.is_file():
        missing("axe-core is not installed: `make page` installs it, with npm.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def new_page(chromium):
    """A function: a new page of a size, which is closed after the test."""
    pages = []

    def make(*size, **options):
        pages.append(chromium.page(*size, **options))
        return pages[-1]

    yield make
    for each in pages:
        each.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """A function: the run of a name and its report, made once."""
    folder = tmp_path_factory.mktemp("reports")
    return cache(lambda name: reported(name, folder))


@pytest.fixture(scope="session")
def opened(chromium, reports):
    """A function: the page with the report of a name, opened once."""
    return cache(lambda name: ready(chromium.page(), reports(name).file))


@pytest.fixture
def page_of(opened):
    """A function: the page with the report of a name, as it is when it has just been opened.

    After the test it must have said nothing and asked for nothing.
    """
    used = []

    def page(name):
        used.append(opened(name))
        used[-1].ask(AS_OPENED)
        return used[-1]

    yield page
    for each in used:
        assert_quiet(each)


def ready(page, file):
    """Open a report, and wait until it can be used."""
    page.open(file)
    page.until("window.report !== undefined")
    page.ask(KEEP_INITIAL)
    return page


AS_OPENED = """() => {
  report.store.set(copied(initial));
  report.picture.scroll = 0;
  report.picture.redraw();
  document.getElementById("table-box").scrollTop = 0;
  document.activeElement.blur();
  window.scrollTo(0, 0);
}"""
KEEP_INITIAL = """() => {
  const sets = ({ people, kinds }) => ({ people: new Set(people), kinds: new Set(kinds) });
  window.copied = (state) => ({ ...state, ...sets(state) });
  window.initial = copied(report.store.state);
}"""


def assert_quiet(page):
    """A report says nothing on the console, and loads nothing but itself."""
    heard = page.heard
    assert heard.console == []
    assert heard.errors == []
    assert heard.dialogs == []
    assert [each for each in heard.requests if not each.startswith("data:")] == [page.tab.url]
