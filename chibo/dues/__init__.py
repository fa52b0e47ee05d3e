"""Dues: what a member has to pay a month, as one office approves it; what another office collects, keeps for the cell
and hands up; receipts. Above it stand sums of units, never names. No bank is connected: what was paid is written down.

Leans on regulations (rates, shares, who pays), people (who belongs where on the last day of a month) and meetings,
to which it hands down how many have paid.
"""
