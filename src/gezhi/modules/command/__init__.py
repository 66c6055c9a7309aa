"""The command room: weekly dispatch meetings whose decisions become cases, and special operations."""
