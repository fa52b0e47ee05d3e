"""Tasks: who does what by when, how it went, and how the unit settled it.

A task belongs to a unit and knows of its origin (a meeting, a resolution) only a kind, an id and words: what
gives tasks lies above. The ledger of a unit's tasks is the first part of its next agenda.
"""
