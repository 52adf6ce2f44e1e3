"""What the harness is for: a page that complains, asks or calls out is found out."""

import asyncio

import pytest

from tools.browser.chromium import PageError

BAD = """<!doctype html><title>bad</title><script>
console.warn("careful");
alert("hello");
fetch("http://127.0.0.1:1/").catch(() => { window.done = true });
throw new Error("thrown");
</script>"""

FAILED = """() => new Promise(done => {
  const look = () => window.done ? done() : setTimeout(look, 5);
  look();
})"""


@pytest.fixture
def bad(new_page, tmp_path):
    file = tmp_path / "bad.html"
    file.write_text(BAD, encoding="utf-8")
    page = new_page(300, 200)
    page.open(file)
    page.ask(FAILED)
    return page


def test_what_a_page_says_and_asks_for_is_heard(bad):
    heard = bad.heard
    assert heard.dialogs == ["hello"]
    assert heard.errors == ["thrown"]
    assert "warning: careful" in heard.console
    assert [each.partition(":")[0] for each in heard.requests] == ["file", "http"]


def test_a_page_that_has_failed_is_not_waited_for(bad):
    with pytest.raises(PageError, match="thrown"):
        bad.until("window.never")


def test_a_page_has_its_size(bad):
    assert bad.ask("[innerWidth, innerHeight]") == [300, 200]
    assert bad.picture().startswith(b"\x89PNG")


def test_no_event_loop_runs_where_the_tests_run(bad):
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
