"""What every room needs and no domain owns: periods, the clock, names, refusals, the actor, forms over HTTP.

No word of the domain stands here. Everything above may import it; it imports nothing of chibo.
"""
