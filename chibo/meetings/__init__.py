"""The meeting of a cell: schedule, preparation, roll call, discussion, votes, resolution, minutes."""
