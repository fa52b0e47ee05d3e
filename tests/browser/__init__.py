"""Whole ways through chibo in a real browser on the real web server, on a phone, with and without JavaScript."""
