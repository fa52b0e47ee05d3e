"""One append-only line for every change; its verbs are the event bus."""
