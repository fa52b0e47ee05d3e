"""Who may do what where: capabilities, roles, grants, and the two questions `can` and `visible`."""
