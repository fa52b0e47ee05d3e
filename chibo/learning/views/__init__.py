"""Pages of what is sent down, and of the materials to read."""
