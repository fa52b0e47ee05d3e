"""Primary keys: UUID version 7 (RFC 9562), so that rows made together lie together."""

import os
import time
import uuid

_last = 0


def uuid7() -> uuid.UUID:
    """A new UUIDv7; within one process later keys sort after earlier ones."""
    global _last
    # Milliseconds with 12 further bits of the fraction in rand_a (RFC 9562, 6.2 method 3).
    stamp = time.time_ns() * 4096 // 1_000_000
    _last = stamp = max(stamp, _last + 1)
    rand_b = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | rand_b
    return uuid.UUID(int=value)
