"""Pages of programmes: calling for them, entering, judging, and what spreads."""
