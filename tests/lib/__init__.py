"""What tests share: the database of a run, a browser, the product as real processes."""
