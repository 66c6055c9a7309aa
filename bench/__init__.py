"""Measured comparisons: each prints one table, then one JSON line, and fails where a bar is not reached."""
