"""A report asks nobody for anything, and what it shows is text, whatever it says."""

import re
from functools import cache

import pytest
from conftest import assert_quiet, ready
from reported import SCENARIOS, report_of

import sim

NAMES = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "{{script}}",
    "--><svg/onload=alert(3)>",
    "'\" onmouseover=alert(4) \\u2028",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A function: the report of a trace in which Alice, and its title, have another name."""
    folder = tmp_path_factory.mktemp("hostile")
    plain = folder / "plain.trace.jsonl"
    sim.run(SCENARIOS / "kick.yaml", trace=plain)

    def make(name):
        file = folder / f"{NAMES.index(name)}.trace.jsonl"
        text = plain.read_text(encoding="utf-8").replace("alice", written(name))
        text = text.replace('"name":"kick"', f'"name":"{written(name)}"')
        file.write_text(text, encoding="utf-8")
        return report_of(file)

    return cache(make)


def written(name):
    """The name inside a string of JSON."""
    return name.replace("\\", "\\\\").replace('"', '\\"')


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_as_text(name, hostile, new_page):
    page = ready(new_page(), hostile(name).file)
    assert page.ask("() => report.doc.lanes[0].name") == name
    assert page.ask("() => document.title").find(name) >= 0
    assert name in page.ask("() => document.body.innerText")
    last = page.ask("() => report.doc.rows.count - 1")
    for row in (0, last):
        page.ask(
            "row => report.store.set({ selected: row, cursor: report.doc.rows.time[row] })", row
        )
        page.drawn()
    assert page.ask("() => document.scripts.length") == 1
    assert page.ask("() => document.querySelectorAll('body img, body svg').length") == 0
    assert_quiet(page)


def test_the_policy_forbids_requests_and_what_it_does_not_know(page_of):
    page = page_of("kick-while-reconnecting")
    policy = page.ask(
        "() => document.querySelector('meta[http-equiv=Content-Security-Policy]').content"
    )
    assert policy.startswith("default-src 'none'; ")
    assert re.search(r"script-src 'sha256-[\w+/=]+';", policy)
    assert "unsafe" not in policy
    assert "http" not in policy


ATTEMPTS = {
    "a request": "fetch('http://127.0.0.1:8/').then(() => done('sent'), () => done('refused'))",
    "an image": """Object.assign(new Image(), {
      src: 'http://127.0.0.1:8/', onload: () => done('sent'), onerror: () => done('refused') })""",
    "a script": """document.body.append(Object.assign(document.createElement('script'), {
      textContent: 'window.ran = true' })); done(window.ran ? 'ran' : 'refused')""",
    "a handler": """document.body.setAttribute('onclick', 'window.ran = true');
      document.body.click(); done(window.ran ? 'ran' : 'refused')""",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_what_gets_into_the_page_cannot_get_out_or_run(attempt, hostile, new_page):
    page = ready(new_page(), hostile(NAMES[0]).file)
    assert page.ask(f"() => new Promise(done => {{ {attempt} }})") == "refused"
    page.drawn()
    assert "Content Security Policy" in "".join(page.heard.console)
