"""A report in a real browser: headless Chromium, opened from disk, with all that it says recorded.

==============  ==================================================================
finding.py      which Chromium is used
chromium.py     the browser and its pages, to be used from any thread
==============  ==================================================================

Used by the tests of the page, by its benchmarks and by ``tools/take_screenshots.py``.
"""
