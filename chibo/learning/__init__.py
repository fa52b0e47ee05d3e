"""What is sent down the tree to be studied and followed: directives and guidance, and where each has arrived.

Nouns: directive (to be received, studied in a meeting and reported on), guidance (what to talk about until a day),
adaptation (what a committee between adds for the units below it: its plan, its day), receipt (how far one unit is).
"""
