"""The jobs door: what runs by itself. Limits fire, notices go out, the ledger is sealed, old data expires."""
