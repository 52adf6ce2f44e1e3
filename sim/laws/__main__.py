"""``python -m sim.laws`` prints the page of the laws, for docs/laws.md."""

import sys

from sim.laws.catalogue import page

sys.stdout.write(page())
