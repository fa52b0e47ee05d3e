"""What works in one place is tried, judged and taken up in others: four-good cells, model cells, mass mobilisation.

Nouns: programme (what a committee calls for: fields, and criteria per kind of unit), cycle (one round of it, with its
days), entry (what one unit undertakes: aim, measure, starting value), check (how far it is, by itself or appraised),
recognition (a decision of a committee above), kit (what others need to do the same), lineage (who took it from whom),
comparison (units that took something up beside like units that did not). Leans on the tree, meetings, papers and tasks.
"""
