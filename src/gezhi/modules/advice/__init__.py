"""The advice room: suggested classes and units, likely duplicates, what stands out, hints to who writes a reply."""
