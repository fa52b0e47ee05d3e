"""Pages that compose several domains: this month, a unit, the officer, the attending superior."""
