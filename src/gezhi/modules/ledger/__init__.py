"""The ledger: what was done, by whom, when. Append-only, hash-chained per subject; also the outbox."""
