"""The trace carries records of any form: these tests write what no run does."""

import pytest

from sim.trace import inspection


@pytest.fixture(autouse=True, scope="module")
def any_records():
    inspection.switch_off()
    yield
    inspection.switch_on()
