"""The one settings file, the addresses, and the processes: web, worker, command line."""
