"""One headless Chromium for all tests, and pages that must not complain.

Where no Chromium is found, these tests are skipped, and say so. ``SIM_BROWSER=required`` makes a
failure of that: ``.ci/run`` sets it.
"""

import os
from pathlib import Path

import pytest

from tools.browser.chromium import Chromium
from tools.browser.finding import NoBrowserError

ROOT = Path(__file__).parent.parent.parent
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
