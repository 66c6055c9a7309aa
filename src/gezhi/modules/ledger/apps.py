"""Django's entry to the ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger room."""

    name = "gezhi.modules.ledger"
    label = "ledger"
    verbose_name = "留痕链"
