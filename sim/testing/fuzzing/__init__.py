"""Looking for what breaks in variations of a scenario: what the verb ``fuzz`` does.

=============  ===================================================================
search.py      runs variations, notices what breaks and what is new
findings.py    what was found, and what tells two findings apart
baseline.py    the findings that are known already, in a file
saving.py      the files that findings are saved in
=============  ===================================================================
"""
