"""An interruption is never lost, wherever it comes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LOST = """
import gc, os, signal, time
from sim.cli import stopping

for each in (signal.SIGTERM, signal.SIGHUP):  # nohup ignores that
    signal.signal(each, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)  # workers of xdist ignore it
stopping.obey()
stopping.insist()
told = []

def collects(phase, info):
    if not told:
        told.append(phase)
        os.kill(os.getpid(), signal.{name})
        for _ in range(1000):  # the interruption comes in here
            pass

gc.callbacks.append(collects)
try:
    gc.collect()
    print("dropped", flush=True)
    time.sleep(30)
    print("lost")
except KeyboardInterrupt as problem:
    print("interrupted", getattr(problem, "code", 130))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_one_that_comes_during_a_garbage_collection_comes_again(name, code):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", LOST.format(name=name)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["dropped", f"interrupted {code}"]
    assert done.stderr == ""


SLOW = """
import _thread, time
start = _thread.start_new_thread

def start_slowly(*what):
    start(*what)
    starts.append(what)
    time.sleep(0.2 if len(starts) == 1 else 0)

starts = []
_thread.start_new_thread = start_slowly
"""
"""The interruption comes again when the function that has sent it is not over yet."""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_one_that_comes_again_too_soon_comes_once_more(name, code):
    done = subprocess.run(
        [sys.executable, "-c", SLOW + LOST.format(name=name)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith(f"interrupted {code}\n")  # it may come in the middle of a print
    assert done.stderr == ""
