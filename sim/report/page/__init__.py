"""The report as one HTML page that needs nothing but itself.

==============  ==================================================================
``packing``     a timeline as the page's document: columns, compressed
``parting``     where two runs part, person by person
``assembling``  the page: template, styles, modules, document, security policy
``assets``      what the browser runs and shows: the page's own source
==============  ==================================================================
"""
