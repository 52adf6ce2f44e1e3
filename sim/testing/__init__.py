"""The testing kit: property-based tests that people can write against sessions.

Needs the extra: ``pip install 'session-sim[testing]'``.
"""
