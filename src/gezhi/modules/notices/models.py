"""Tables of the room notices: what somebody should hear, and who has read it.

A notice is for one account, or for whoever holds a post in an organisation or over an area, so that a change of hands
needs no rewriting. Ids point upward without foreign keys: people and territory lie above this room.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gezhi.lib.levels import INTERNAL


class Notice(models.Model):
    """One message, without its words: `kind` and `params` are put into the reader's language when shown."""

    account = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    area = models.BigIntegerField(null=True)
    post = models.CharField(max_length=60, blank=True, default="")
    subject = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    data_level = INTERNAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_one_recipient",
                condition=Q(account__isnull=False, organisation=None, area=None, post="")
                | Q(account=None, organisation__isnull=False, area=None)
                | (Q(account=None, organisation=None, area__isnull=False) & ~Q(post="")),
            ),
        ]
        indexes = [
            models.Index(name="notice_unsent", fields=["id"], condition=Q(sent_at=None)),
            models.Index(name="notice_account", fields=["account", "-id"], condition=Q(account__isnull=False)),
            models.Index(
                name="notice_organisation",
                fields=["organisation", "post", "-id"],
                condition=Q(organisation__isnull=False),
            ),
            models.Index(name="notice_area", fields=["area", "post", "-id"], condition=Q(area__isnull=False)),
            models.Index(name="notice_age", fields=["created_at"]),
        ]


class NoticeRead(models.Model):
    """This account has read that notice."""

    account = models.BigIntegerField()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    read_at = models.DateTimeField()

    data_level = INTERNAL

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_read_once", fields=["account", "notice"])]
