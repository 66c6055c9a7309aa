"""The desk's pages about territory: layers and what is wrong with them, plans and their editor, runs, files."""
