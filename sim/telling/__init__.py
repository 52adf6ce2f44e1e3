"""What records say to people: the story of a run, excerpts of it, and what led to what.

Lines come out as *marked* text, laid out for a width; whether marks become colours is decided where
the lines go.

==================  ==================================================================
``marks``           styled text, and what would act or not be seen as its escape
``columns``         rows in columns of a width
``attendance``      who is in the session at which record
``cast``            who is who: whose connection, whose stream
``words``           the values of records in words
``phrases``         what a person reads about each kind of record
``story``           a run line by line
``narrowing``       a part of it: some people, around a time, of some kinds
``folding``         what repeats becomes one line; ``rounds``: what goes round
``layout``          stories, records and chains of causes as lines of a width
``excerpts``        the records around one, and the title of what led to it
==================  ==================================================================
"""
