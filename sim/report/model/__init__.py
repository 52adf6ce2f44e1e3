"""From a run to the data of its picture.

================  ====================================================================
``timeline``      the types: what every format draws
``recording``     a run in memory: of a trace, of a result, of a scenario
``lanes``         whose lane a record is in
``strips``        a track of bands as it grows
``page``          bands of a session, of Publishers and of Subscribers
``links``         bands of a link, and of media
``connections``   bands of connections, as the platform has them
``arrows``        what went from one lane to another
``shades``        faults from their beginning to their end
``findings``      breaches of laws, and expectations that did not hold
``stretches``     times in which nothing happens
``told``          every record in words
``building``      all of that together: its function ``timeline``
``sweep``         many runs: the design points of an experiment, and its worst runs
================  ====================================================================
"""
