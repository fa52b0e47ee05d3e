"""Who does what by when, how it went, and who settled it."""
