"""Random decisions with an address: whoever asks, whenever, gets the same answer.

``docs/draws.md`` is the table of every kind of draw. Where to look:

=================  ==========================================================================
address.py         (seed, replication, actor, purpose) and the key made of it
stream.py          the words of one address, by index; ``Draws`` is where streams come from
distributions.py   what a scenario may name: constant, uniform, exponential, ... (no numpy)
geometric.py       how many packets until the next loss (no numpy)
sampler.py         a distribution drawn from a stream, in blocks
elementary.py      our own log, exp and normal quantile of one number (no numpy)
vectors.py         the same functions over arrays, with the same bits
kernels.py         the polynomials that both share
validators.py      what a duration and a probability may be (no numpy)
=================  ==========================================================================

Nothing is imported here, so that reading a scenario does not import numpy.
"""
