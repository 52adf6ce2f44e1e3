"""How the files of the product hang together."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
LARGEST_CIRCLE = 3


@cache
def modules():
    """Every module of the product by its dotted name: its file."""
    found = {}
    for path in sorted((ROOT / "sim").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name):
    """The modules of the product that one imports anywhere, for type checkers, too."""
    for node in ast.walk(ast.parse(modules()[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            members = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (each if each in modules() else node.module for each in members)


def circles(graph):
    """The sets of nodes that can reach each other, of two and more (Tarjan's algorithm)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == order[node]:
            circle = set(stack[stack.index(node) :])
            del stack[stack.index(node) :]
            if len(circle) > 1:
                found.append(circle)

    for node in graph:
        if node not in order:
            visit(node)
    return found


def test_a_circle_is_found():
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["d"], "f": ["a"]}
    assert sorted(map(sorted, circles(graph))) == [["a", "b", "c"], ["d", "e"]]


def test_imports_for_type_checkers_count():
    assert "sim.client.membership" in set(imports("sim.client.ending"))


def test_no_more_than_three_files_import_each_other_in_a_circle():
    graph = {name: sorted(set(imports(name))) for name in modules()}
    large = [sorted(circle) for circle in circles(graph) if len(circle) > LARGEST_CIRCLE]
    assert large == []
