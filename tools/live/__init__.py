"""The real client is asked: random stories are recorded, and the simulator is held to them.

==============  ==================================================================
stories.py      random stories of up to a minute
plot.py         what short stories are made of
short.py        short stories that isolate one behaviour
asking.py       stories from files, checked before they are recorded
needs.py        what recording needs: node, a browser, the real client from npm
recorder/       the real client in that browser, against a scripted server (JavaScript)
recording.py    has each story recorded twice
convert.py      from a recording to a case for ``python -m sim conform``
agree.py        what two recordings of a story have in common
differences.py  cases by the dozen, and their differences by kind
==============  ==================================================================

``make live`` does all of it; docs/live.md says how, and how to ask a question.
"""
