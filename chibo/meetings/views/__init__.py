"""The pages of a meeting, in the order of its life."""
