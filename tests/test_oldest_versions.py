"""The oldest versions that the kit's tests are run with are those that pyproject.toml allows."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOUND = re.compile(r"([\w.-]+)>=([\d.]+)")


def allowed():
    """The lower bounds of what running, testing with the kit, and running tests together needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    xdist = [each for each in extras["test"] if each.startswith("pytest-xdist")]
    return [*project["dependencies"], *extras["testing"], *xdist]


def pinned():
    text = (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8")
    return dict(line.lower().split("==") for line in text.splitlines() if line[0] != "#")


def whole(version):
    """With three numbers: a bound may leave out what is zero."""
    return ".".join([*version.split("."), "0", "0"][:3])


def test_the_oldest_versions_are_the_bounds():
    bounds = dict(BOUND.fullmatch(each).groups() for each in allowed())
    assert pinned() == {name.lower(): whole(version) for name, version in bounds.items()}
