"""Limits on what one document may hold. Each refusal is a sentence; who may have a document is its owner's business."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from gezhi.lib.errors import TooLarge

MOST_TOLD = 1_000_000  # characters of data as JSON: some hundred pages, some seconds
MOST_PICTURES = 60 * 1024 * 1024  # bytes of all pictures together
MOST_ROWS = 1_048_575  # of a sheet, besides its head: what the format holds
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767  # of a cell


def check_size(told: str, pictures: Mapping[str, bytes]) -> None:
    """Data and pictures of one document. Raises TooLarge."""
    if len(told) > MOST_TOLD or sum(len(one) for one in pictures.values()) > MOST_PICTURES:
        raise TooLarge(_("This is too much for one document; choose a smaller part of it."))


def check_rows(count: int) -> None:
    """Rows of one sheet. Raises TooLarge."""
    if count > MOST_ROWS:
        raise TooLarge(_("A sheet holds at most 1,048,575 rows; choose a smaller part."))


def check_columns(count: int) -> None:
    """Columns of one sheet. Raises TooLarge."""
    if count > MOST_COLUMNS:
        raise TooLarge(_("A sheet holds at most 16,384 columns; choose fewer."))


def check_cell(text: str) -> None:
    """One cell. Raises TooLarge: cutting it off in silence would be a lie."""
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(_("A cell of a sheet holds at most 32,767 characters; this text is longer."))
