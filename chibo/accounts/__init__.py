"""Sign-in: accounts, one-time codes on paper, sessions."""
