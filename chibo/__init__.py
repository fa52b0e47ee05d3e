"""The working life of a grassroots organisation: units, people, meetings, tasks."""
