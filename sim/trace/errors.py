"""What can go wrong with a trace file, said in one sentence."""

from __future__ import annotations


class TraceError(Exception):
    """A trace cannot be read or written.

    ``file`` is its name as the person gave it, ``line`` the number of the line (from 1) or None
    when it is about the whole file, ``sentence`` what is wrong and what to do.
    """

    def __init__(self, file: str, line: int | None, sentence: str) -> None:
        super().__init__(file, line, sentence)
        self.file = file
        self.line = line
        self.sentence = sentence

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.sentence}"
