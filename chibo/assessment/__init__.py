"""Scoring: frameworks as versioned documents, sessions scored from facts by two sides, the year made of its months.

Nouns: framework (a tree of criteria with bands and gates), version (frozen once published), scoring (one sheet of one
side), fact (what the month itself says), remedy. It reads the whole month from `meetings` and `tasks`, and hands the
cell's own score down to the meeting, so that minutes and resolution can print it. Units and sessions are scored here,
never persons.
"""
