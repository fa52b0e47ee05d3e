"""What is typed about a meeting, in the order of its life."""
