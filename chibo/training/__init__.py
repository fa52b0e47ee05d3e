"""Training by the hand: a practice cell in which a whole month is played, short exercises, and courses.

Nouns: practice (a small tree of invented units and people that belongs to one account, with a day of its own), guide
(what comes next in its month, by its facts), exercise (a situation, choices, and what is right about them and why).
"""
