"""What the product suggests, put before people: chips beside fields, duplicates, hints, hot spots, model cards."""
