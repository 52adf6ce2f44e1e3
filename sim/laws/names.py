"""What the names of connections, streams and signals say.

``bob#2`` is bob's second connection, ``bob#2.1`` its first stream, ``bob#2/s3`` its third signal.
"""

from __future__ import annotations


def person_of(connection: str) -> str:
    """Whose connection that is.

    >>> person_of("guests-3#1")
    'guests-3'
    """
    return connection.rpartition("#")[0]


def connection_of(stream: str) -> str:
    """The connection that published a stream.

    >>> connection_of("bob#2.1")
    'bob#2'
    """
    return stream.rpartition(".")[0]


def numbered(name: str, separator: str) -> tuple[str, int]:
    """The part before the last ``separator``, and the number after it, 0 if there is none.

    >>> numbered("bob#2", "#"), numbered("bob#2/s3", "/s"), numbered("camera", "#")
    (('bob', 2), ('bob#2', 3), ('camera', 0))
    """
    before, found, number = name.rpartition(separator)
    return (before, int(number)) if found and number.isdecimal() else (name, 0)


def listed(names: list[str]) -> str:
    """Names as a person lists them, the first five of many.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(list("abcdefg"))
    ('a', 'a, b and c', 'a, b, c, d, e and 2 more')
    """
    if len(names) > 5:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
