"""Organisations, kinds of posts, and the accounts of staff.

Who holds which post where and when is a tenure, and lives one floor up in `territory`. Residents have no account:
what they say about themselves is in the vault. Nothing here is a personal value: a display name is the duty name
under which a member of staff acts, and number, note and portrait are those of the duty, to be shown to the public once
they hold a post that the profile makes public.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from gezhi.lib.levels import INTERNAL, PUBLIC, SENSITIVE


class Administration(models.TextChoices):
    """The three administrators of 等保: one account is at most one of them, and then nothing else."""

    NONE = "", "none"
    SYSTEM = "system", "system administrator"
    SECURITY = "security", "security administrator"
    AUDIT = "audit", "audit administrator"


class Organisation(models.Model):
    """A unit that can hold posts and be given work. `code` is the profile's, stable across installs."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    kind = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    source_systems = models.JSONField(default=list, blank=True)
    invented = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    data_level = PUBLIC
    data_levels = {"source_systems": INTERNAL}

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_not_own_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="organisation_named", condition=~Q(code="") & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class PostKind(models.Model):
    """A kind of business post: what it may do, and whether one person at a time holds it (`single`).

    `public`: its holders are named to the public, with `duties`, a list of texts. The three administrations are no
    posts; they are in `Account.administration`.
    """

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    scope = models.CharField(max_length=20)
    single = models.BooleanField(default=False)
    capabilities = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    active = models.BooleanField(default=True)
    public = models.BooleanField(default=False)
    duties = models.JSONField(default=list, blank=True)

    data_level = PUBLIC
    data_levels = {"capabilities": INTERNAL}

    class Meta:
        constraints = [models.CheckConstraint(name="post_kind_named", condition=~Q(key="") & ~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name whatever the case it was typed in."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of this user name; raises Account.DoesNotExist."""
        return self.get(username=(username or "").strip().lower())

    def create(self, **kwargs: Any) -> Account:
        """A row with its user name lower-cased and, unless a hash is given, a password that lets nobody in."""
        kwargs["username"] = str(kwargs.get("username", "")).strip().lower()
        account = self.model(**kwargs)
        if not account.password:
            account.set_unusable_password()
        account.save(force_insert=True, using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody of the staff who can log in. What they may do comes from posts, or from `administration`, never both."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    invented = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    administration = models.CharField(
        max_length=10, choices=Administration.choices, default=Administration.NONE, blank=True
    )
    created_at = models.DateTimeField()
    must_change_password = models.BooleanField(default=False)
    duty_phone = models.CharField(max_length=30, blank=True, default="")
    duty_note = models.CharField(max_length=120, blank=True, default="")
    photo = models.ForeignKey("files.File", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    data_level = INTERNAL
    data_levels = {"password": SENSITIVE, "last_login": SENSITIVE}

    class Meta:
        constraints = [
            models.CheckConstraint(name="account_username_lower", condition=Q(username=Lower(F("username")))),
            models.CheckConstraint(name="account_named", condition=~Q(username="") & ~Q(display_name="")),
            models.CheckConstraint(
                name="account_administration_known", condition=Q(administration__in=Administration.values)
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's name for it; the column is `active`
        """May this account log in? Django and allauth ask under this name."""
        return self.active


class ApiToken(models.Model):
    """A program's key to the API: it acts as `account`, and its reports carry `source`. Only its SHA-256 is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=80)
    source = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    data_level = INTERNAL
    data_levels = {"digest": SENSITIVE}

    class Meta:
        constraints = [
            models.CheckConstraint(name="api_token_expires_later", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(name="api_token_named", condition=~Q(label="") & ~Q(source="")),
        ]


class SavedView(models.Model):
    """A list with its filters under a name: `account`'s own, seen by everybody of `organisation` where it is shared."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved_views")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    queue = models.CharField(max_length=80, blank=True, default="")
    filters = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    data_level = INTERNAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="saved_view_named_once"),
            models.CheckConstraint(name="saved_view_named", condition=~Q(name="")),
        ]
