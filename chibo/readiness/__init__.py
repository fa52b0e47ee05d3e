"""Readiness: once a year a cell says in a minute what it has to work with, a computer, a printer, a signal, somebody at
ease with it. Who stands above it equips; how notices of its meetings go out follows from the answers.

It knows units and nothing that is sent: rooms above ask it which way a cell is reached (`queries.way_of`).
"""
