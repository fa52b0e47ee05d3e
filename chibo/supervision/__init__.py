"""Supervision: who of a committee attends which cell, the month laid on one line, and what comes back from each visit.

Nouns: attending member (his power is a grant for the cell), proposal (another day, or a stand-in, for one meeting),
report (one page for each meeting attended), promise, reminder. Units and meetings are followed here, never persons.
"""
