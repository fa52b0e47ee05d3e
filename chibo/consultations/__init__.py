"""A committee asks about a draft: cells and the public comment by paragraph, and each comment learns what became of it.

Nouns: consultation (a draft that is open for comments until a day), comment (what a cell or somebody of the public
says about one paragraph), point (what several comments have in common, with the answer: taken, partly, not, and why).
Leans on the tree, on what may not be stored, and on the pages for the public.
"""
