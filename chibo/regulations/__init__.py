"""What the rules in force say: dated values with issuer, source and doubt."""
