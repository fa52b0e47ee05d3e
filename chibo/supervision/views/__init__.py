"""Pages about attending and inspecting."""
