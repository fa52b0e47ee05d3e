"""An engine that knows how to print, number and keep papers, not what they say."""
