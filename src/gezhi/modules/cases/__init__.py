"""Cases: a problem reported is a problem closed, with every hand on record."""
