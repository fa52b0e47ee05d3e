"""Units and their tree over time: names, parents, kinds. It knows nobody."""
