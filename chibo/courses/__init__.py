"""Courses of committees: sessions, who is sent to them, who was there, and certificates that expire."""
