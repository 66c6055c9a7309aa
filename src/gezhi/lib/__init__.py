"""Nails and screws: small typed pieces every floor may use. Nothing here knows a room."""
