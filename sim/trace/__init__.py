"""The trace of a run: records, their digest, files of them, what differs, what caused what.

A trace is a header, records in order and a footer. Record numbers, causes and the digest are those
of the story level, whatever level is written.
"""

from sim.trace.compare import Difference, compare, first_difference
from sim.trace.digest import Digest, Retold, ToCome
from sim.trace.errors import TraceError
from sim.trace.explain import causes, chain
from sim.trace.header import FORMAT, FORMAT_VERSION, Bounds, Footer, Header, Person
from sim.trace.reader import Trace, read
from sim.trace.recorder import Recorder
from sim.trace.records import Record, decode, encode
from sim.trace.text import describe
from sim.trace.token import Token
from sim.trace.writer import Writer

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "Bounds",
    "Difference",
    "Digest",
    "Footer",
    "Header",
    "Person",
    "Record",
    "Recorder",
    "Retold",
    "ToCome",
    "Token",
    "Trace",
    "TraceError",
    "Writer",
    "causes",
    "chain",
    "compare",
    "decode",
    "describe",
    "encode",
    "first_difference",
    "read",
]
