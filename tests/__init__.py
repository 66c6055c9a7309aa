"""Tests: `architecture/` holds the floors, `engines/` pure tables, `modules/` rooms, `interfaces/` doors, `journeys/`
a person in a browser. `lib/` is what they share."""
