"""Names to sign in with and one-time codes, in plain Python."""

import hashlib

from chibo.core.names import fold


def sign_in_name(text: str) -> str:
    """The form in which a name to sign in with is kept and looked for: lower case, no marks, no spaces."""
    return fold(text).replace(" ", "")


def code_digest(code: str) -> str:
    """The hash under which a code is kept; case and the spaces of the paper do not count.

    A code has 45 random bits, lives two weeks and is behind a rate limit, so a plain hash of it is enough.
    """
    return hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).hexdigest()
