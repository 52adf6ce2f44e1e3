"""axe, which knows the rules of accessibility, finds nothing serious in the page."""

import pytest
from conftest import ROOT, missing, ready
from reported import BROKEN, WIRE

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(each => each.html + each.failureSummary)]))"""
OPEN = "() => document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture(scope="session")
def axe():
    """The script of axe."""
    if not AXE.is_file():
        missing("axe-core is not installed: `make page` installs it, with npm.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def checked(new_page, reports, axe):
    """A function: the report of a name in a scheme, with axe in it, and a record selected."""

    def make(name, scheme):
        page = ready(new_page(color_scheme=scheme), reports(name).file)
        page.ask(axe)
        return page

    return make


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [BROKEN, WIRE])
def test_axe_finds_nothing_serious(name, scheme, checked):
    page = checked(name, scheme)
    assert page.ask(RUN) == []
    page.ask(OPEN)
    page.ask("() => report.navigation.select(40)")
    page.ask("() => report.store.set({ mark: 0, range: [0, report.doc.ended], search: 'session' })")
    page.drawn()
    assert page.ask(RUN) == []


def test_axe_finds_what_is_wrong(checked):
    page = checked(BROKEN, "light")
    page.ask("() => document.getElementById('search').removeAttribute('aria-label')")
    page.ask("() => document.getElementById('search').removeAttribute('placeholder')")
    assert [found for found, _ in page.ask(RUN)] == ["label"]
