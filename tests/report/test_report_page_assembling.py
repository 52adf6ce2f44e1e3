"""The page is one file that fetches nothing, runs nothing but its own, and shows data as text."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from attrs import evolve

from sim.report.model.building import timeline
from sim.report.model.timeline import Lane
from sim.report.page import assembling
from sim.report.page.assembling import bundle, html, modules
from sim.report.page.packing import unpack

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u2028{{script}}{{data}}-->"
)
TOP_LEVEL = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE
)
IMPORTS = re.compile(r"^import .*$", re.MULTILINE)


class Elements(HTMLParser):
    """The elements of a page: tag and attributes; the text of scripts, styles and the title."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.inside = [], {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in {"script", "style", "title"}:
            self.inside = attributes.get("id") or attributes.get("type") or tag

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.texts[self.inside] = self.texts.get(self.inside, "") + data


@pytest.fixture(scope="module")
def kick():
    return timeline("scenarios/kick.yaml")


@pytest.fixture(scope="module")
def page(kick):
    return html(kick)


def test_the_same_run_gives_the_same_file(kick, page):
    assert html(kick) == page


def test_the_data_of_the_page_is_the_document(page):
    assert unpack(Elements(page).texts["data"])["title"] == "kick"


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(page):
    parsed = Elements(page)
    [policy] = [a["content"] for t, a in parsed.tags if a.get("http-equiv")]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    def hashed(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert directives == {
        "default-src": "'none'",
        "script-src": hashed(parsed.texts["module"]),
        "style-src": hashed(parsed.texts["style"]),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_in_the_page_would_fetch_or_run_anything(page):
    for tag, attributes in Elements(page).tags:
        assert not attributes.keys() & {"src", "href", "action", "style", "srcset"}, tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert "url(" not in assembling.asset("page.css")


def test_hostile_names_and_texts_stay_data(kick, page):
    lanes = (Lane(HOSTILE, HOSTILE, ()), *kick.lanes[1:])
    told = [HOSTILE] * len(kick.told)
    hostile = html(
        evolve(kick, title=HOSTILE, about=HOSTILE, lanes=lanes, told=told, again=HOSTILE)
    )
    parsed, plain = Elements(hostile), Elements(page)
    assert parsed.tags[2:] == plain.tags[2:]
    assert parsed.texts["module"] == plain.texts["module"]
    assert parsed.texts["title"] == HOSTILE
    data = unpack(parsed.texts["data"])
    assert data["title"] == data["lanes"][0]["name"] == HOSTILE


def test_nothing_ends_the_script_or_the_style_too_early():
    for text in (bundle(), assembling.asset("page.css")):
        assert not re.search(r"</script|</style|<!--|<script", text, re.IGNORECASE)


def test_the_modules_never_turn_text_into_elements():
    for name, text in modules().items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text
        ), name
        assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon", text), name


# -- the bundle ------------------------------------------------------------------------------------


def test_every_module_is_in_the_bundle_after_those_that_it_imports():
    assets = files("sim.report.page").joinpath("assets")
    there = {str(each).removeprefix(f"{assets}/") for each in assets.rglob("*.js")}
    assert set(modules()) == there
    seen = set()
    for name, text in modules().items():
        wanted = {assembling._resolve(name, each) for each in assembling._IMPORT.findall(text)}
        assert wanted <= seen, name
        seen.add(name)


def test_names_of_the_top_level_are_unique_over_all_modules():
    owners = {}
    for module, text in modules().items():
        for name in TOP_LEVEL.findall(text):
            assert owners.setdefault(name, module) == module, (name, module, owners[name])
    assert len(owners) > 50


def test_imports_and_exports_are_of_the_one_form_that_is_bundled():
    for name, text in modules().items():
        lines = IMPORTS.findall(text)
        assert len(lines) == len(assembling._IMPORT.findall(text)), name
        assert not [line for line in lines if " as " in line], name
        head = [line for line in text.splitlines() if line and not line.startswith("//")]
        assert head[: len(lines)] == lines, name
    assert not re.search(r"^(import|export)\b", bundle(), re.MULTILINE)


def test_modules_are_short():
    for name, text in modules().items():
        assert text.count("\n") < 300, name


def test_modules_that_import_each_other_are_refused(monkeypatch):
    texts = {
        "main.js": 'import { a } from "./one.js";\n',
        "one.js": 'import { b } from "./two/two.js";\n',
        "two/two.js": 'import { a } from "../one.js";\n',
    }
    monkeypatch.setattr(assembling, "asset", texts.__getitem__)
    with pytest.raises(ValueError, match=r"main.js -> one.js -> two/two.js -> one.js"):
        modules()
