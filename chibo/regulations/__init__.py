"""What the rules in force say: dated values with issuer, source and doubt.

Nouns: a `Key` is one thing that a regulation fixes; the values shipped with the product are YAML in `values/`; a
committee sets its own `Value` of an open key for the units below it. Leans on org (which unit stands below which on a
day) and access.
"""
