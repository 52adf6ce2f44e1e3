"""Trees of a scenario file as the plain data that other programs would make of them."""

from sim.scenario.nodes import Listing, Pairs


def plain(node):
    if isinstance(node, Pairs):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.value
