"""Kim Bôi district as it was, built through the actions."""
