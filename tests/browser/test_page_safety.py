"""A report asks nobody for anything, and what it shows is text, whatever it says."""

import re

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


PEOPLE = ("alice", "bob", "carol", "dave")

SHOW_EVERYTHING = """() => {
  document.querySelectorAll("details").forEach(each => each.open = true);
  report.store.set({ search: "<img", mark: 0, range: [0, report.doc.ended] });
  for (const x of [60, 300, 600]) for (let y = 45; y < 400; y += 6) {
    const hit = report.picture.at(x, y);
    if (!hit) continue;
    report.picture.hint = { hit, x, y };
    report.picture.draw();
  }
}"""


@pytest.fixture(scope="module")
def hostile(chromium, tmp_path_factory):
    """The page of a trace in which everybody, and its title, have another name."""
    file = tmp_path_factory.mktemp("hostile") / "hostile.trace.jsonl"
    sim.run(SCENARIOS / "kick.yaml", trace=file)
    text = file.read_text(encoding="utf-8")
    for name, other in zip(PEOPLE, NAMES, strict=False):
        text = text.replace(name, written(other))
    text = text.replace('"name":"kick"', f'"name":"{written(NAMES[-1])}"')
    file.write_text(text, encoding="utf-8")
    page = ready(chromium.page(), report_of(file).file)
    yield page
    page.close()


def written(name):
    """The name inside a string of JSON."""
    return name.replace("\\", "\\\\").replace('"', '\\"')


def test_hostile_names_are_shown_as_text(hostile):
    page = hostile
    lanes = page.ask("() => report.doc.lanes.map(lane => lane.name)")
    assert lanes[: len(PEOPLE)] == list(NAMES[: len(PEOPLE)])
    assert NAMES[-1] in page.ask("() => document.title")
    shown = page.ask("() => document.body.innerText")
    assert all(name in shown for name in NAMES)
    last = page.ask("() => report.doc.rows.count - 1")
    for row in (0, last // 2, last):
        page.ask(
            "row => report.store.set({ selected: row, cursor: report.doc.rows.time[row] })", row
        )
        page.drawn()
    page.ask(SHOW_EVERYTHING)
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
def test_what_gets_into_the_page_cannot_get_out_or_run(attempt, hostile):
    hostile.heard.console.clear()
    assert hostile.ask(f"() => new Promise(done => {{ {attempt} }})") == "refused"
    hostile.drawn()
    assert "Content Security Policy" in "".join(hostile.heard.console)
