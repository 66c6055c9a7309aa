"""Pages of the command centre: dispatch meetings, special operations, whistles by the month, what reporters said."""
