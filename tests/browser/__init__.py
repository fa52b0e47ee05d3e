"""Whole ways through chibo in a real browser on the real web server, at a phone's width, with and without JavaScript."""
