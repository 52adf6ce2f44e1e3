"""What is imported when it is used, and what is said where it is missing."""

import json
import sys

import pytest

from sim.imported import needed


def test_what_is_there_is_imported():
    assert needed("json", "a test", "none") is json


def test_what_is_missing_is_named_with_the_remedy():
    with pytest.raises(ModuleNotFoundError) as refused:
        needed("no_such_package.part", "a test", "research")
    assert str(refused.value) == (
        "a test needs no_such_package: pip install 'session-sim[research]'"
    )
    assert refused.value.name == "no_such_package"


def test_what_lacks_something_itself_is_not_said_to_be_missing(tmp_path, monkeypatch):
    (tmp_path / "lacking_one.py").write_text("import no_such_package\n", encoding="ascii")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_package'"):
        needed("lacking_one", "a test", "research")
    assert "lacking_one" not in sys.modules
