"""Codes of the engine, put into words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def particular(kind: str) -> str:
    """What was read in a text."""
    known = {
        "address": _("Address"),
        "time": _("Time"),
        "plate": _("Number plate"),
        "amount": _("Amount"),
        "people": _("Number of people"),
    }
    return known.get(kind, kind)


def reply_hint(code: str, about: str) -> str:
    """What a reply lacks; `about`: the question it leaves open."""
    known = {
        "no_acceptance": _("Say when the matter was taken on."),
        "no_contact": _("Say with whom it was talked over."),
        "no_action": _("Say what was done."),
        "no_deadline": _("Say when it was done, or by when it will be."),
        "off_topic": _("It hardly takes up the words of the report: is it about the same matter?"),
        "boilerplate": _("Much of it stands in other replies: say what was done here."),
        "unanswered": _("A question is left open: “%(about)s”") % {"about": about[:60]},
    }
    return known.get(code, "")
