"""A scenario's report in a browser, made anew whenever the file is saved.

===========  =================================================================
``changes``  tells that a file is another one than before
``board``    what is shown at present, and who waits for it to change
``server``   hands that out to browsers on this machine
``frame``    the page around the report, which asks for the next one: its assets
===========  =================================================================
"""
