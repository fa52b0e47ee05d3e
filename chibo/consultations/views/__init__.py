"""Pages about drafts: for the units below, for the committee that asks, for the public."""
