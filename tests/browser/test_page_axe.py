"""axe, which knows the rules of accessibility, finds nothing serious in the page."""

import pytest
from reported import BROKEN, WIRE

RUN = """only => axe.run(document, { resultTypes: ["violations"], ...only })
  .then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(each => each.html + each.failureSummary)]))"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
OPEN = "open => document.querySelectorAll('details').forEach(each => each.open = open)"
UNNAMED = """() => {
  const search = document.getElementById("search");
  window.kept = ["aria-label", "placeholder"].map(name => [name, search.getAttribute(name)]);
  for (const [name] of kept) search.removeAttribute(name);
}"""
NAMED = """() => {
  for (const [name, value] of kept) document.getElementById("search").setAttribute(name, value);
}"""


@pytest.fixture
def checked(page_of, axe):
    """A function: the report of a name, with axe in it."""

    def make(name):
        page = page_of(name)
        page.ask(f"() => {{ if (!window.axe) {{ {axe} }} }}")
        return page

    return make


@pytest.mark.parametrize("name", [BROKEN, WIRE])
def test_axe_finds_nothing_serious(name, checked):
    """Dark is the same but for its colours."""
    page = checked(name)
    assert page.ask(RUN) == []
    page.shows("dark")
    assert page.ask(RUN, COLOURS) == []
    page.ask(OPEN, True)
    page.ask("() => report.navigation.select(40)")
    page.ask("() => report.store.set({ mark: 0, range: [0, report.doc.ended], search: 'session' })")
    page.drawn()
    assert page.ask(RUN, COLOURS) == []
    page.shows("light")
    page.drawn()
    assert page.ask(RUN) == []
    page.ask(OPEN, False)


def test_axe_finds_what_is_wrong(checked):
    page = checked(WIRE)
    page.ask(UNNAMED)
    found = page.ask(RUN)
    page.ask(NAMED)
    assert [each for each, _ in found] == ["label"]
