"""Opinions and recommendations: each has a place, a day and an answer, and none ends by silence.

Nouns: opinion (what somebody raised, in a meeting, at any time, or brought from the public), holder (the unit with
which it lies now), step (what was done with it), matter (several that say the same, joined into one). What people raise
is never counted or weighed by who raised it.
"""
