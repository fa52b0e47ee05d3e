"""The bundled PostgreSQL: one server in the data home, started by the first chibo process and stopped by the last.

Used when DATABASE_URL is not set. Knows nothing of Django and no word of the domain.
"""
