"""The report as one HTML page that needs nothing but itself.

==============  ==================================================================
``packing``     a timeline as the page's document: columns, compressed
``assembling``  the page: template, styles, modules, document, security policy
``sweeps``      the page of a sweep, with the documents of its worst runs
``assets``      what the browser runs and shows: the page's own source
==============  ==================================================================
"""
