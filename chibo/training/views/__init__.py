"""Pages of training; `door` lets a session into its practice."""
