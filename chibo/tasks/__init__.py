"""Tasks: who does what by when, how it went, and how the unit settled it.

A task belongs to a unit and knows of its origin (a meeting, a resolution) only a kind, an id and words: what
gives tasks lies above. The work of a unit's next meeting begins with the ledger of its tasks.
"""
