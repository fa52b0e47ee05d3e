"""An engine that knows how to send and show notices, not what they say."""
