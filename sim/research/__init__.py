"""The research bench: experiments, statistics and theory over many runs.

It is loaded lazily: importing this package costs nothing, and what is heavy comes with its use.
"""
