"""Links between people and the platform: loss, delay, outages and the transports above them.

Sans-I/O: nothing here has a clock, a queue of events or randomness of its own. A driver says what
time it is, is told when a packet arrives or why it does not, and calls again at a deadline.

============  ===============================================================================
specs.py      what a scenario may name: loss models, directions, outages, links (no numpy)
presets.py    named losses and links, each with its source (no numpy)
losses.py     which packets are lost
direction.py  one way through a link: a packet number, a loss, a delay
link.py       both ways, with the faults that hold at the moment
stream.py     one direction of a TCP connection: in order, nothing lost, retransmission
handshake.py  TCP, TLS and the upgrade to a WebSocket
datagrams.py  packets on their own: loss, reordering, duplication
outages.py    when the next outage begins and how long it lasts
============  ===============================================================================

Nothing is imported here, so that reading a scenario does not import numpy.
"""
