"""What one decision makes of many units on one day: drafted, checked, rehearsed, applied whole, undone whole.

Stands above every room whose things change hands; each of them moves its own.
"""
