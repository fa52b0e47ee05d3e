"""Growth: from somebody who was found to an official member, step by step, each with its day, paper and deadline.

Nouns: case (one person's way, of whom as little as possible is kept, and nothing once it is over), step (what was done
on a day: a helper named, a remark of the meeting, a vote, a decision), target (how many a committee wants admitted in a
year). Ballots are on paper: what is kept of a vote is its base and its count.
"""
