"""One-time codes in plain Python."""

import hashlib


def code_digest(code: str) -> str:
    """The hash under which a code is kept; case and the spaces of the paper do not count.

    A code has 45 random bits, lives two weeks and is behind a rate limit, so a plain hash of it is enough.
    """
    return hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).hexdigest()
