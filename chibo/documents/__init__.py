"""An engine that knows how to print, number and keep papers, not what they say.

Nouns: a `File` is what somebody uploaded or the engine printed; a `Paper` is a numbered document of a unit. What must
not be kept at all, content marked as a state secret, is refused here before anything is stored. Leans on regulations,
access and org.
"""
