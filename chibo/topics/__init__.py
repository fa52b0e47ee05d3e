"""What to talk about next, and why: rules that a person can read and weigh, no black box.

Nouns: idea (something a cell could talk about, with what speaks for it), reason (a sentence and its points), choice
(what became of a suggestion: taken onto an agenda, or left with a reason), theme (a topic with aim and questions),
shared theme (one of which a cell held a good session), plan of the year (what is to be talked about in which month).
"""
