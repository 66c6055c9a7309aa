"""Territory: areas in layers, who is responsible for them and when, and whose a point is."""
