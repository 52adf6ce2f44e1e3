"""What a run has exercised, in names: reasons of ends, laws, transitions, rules, quirks.

A goal is the reason of an end by its own name (``networkDisconnected``), or ``law:one-end``,
``quirk:NAME``, ``transition:session connecting -> connected``, ``rule:kick``.
"""
