"""Persons in the register, their memberships, offices and committees over time."""
