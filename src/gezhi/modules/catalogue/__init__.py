"""The catalogue: what can be wrong in a city, when it counts, when it is put right, and in what time."""
