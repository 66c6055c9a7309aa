"""Who acts: one value handed to every operation as `by=`.

An actor is a reference plus the posts and capabilities it holds at that moment. It holds no personal value.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A tenure in force: post key, organisation id, area id, rank key (None where it does not apply)."""

    post: str
    organisation: int | None = None
    area: int | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` is what the ledger records: `account:12`, `reporter:<uuid>`, `clock`, `system`, `import`, `public`."""

    ref: str
    account_id: int | None = None
    posts: tuple[HeldPost, ...] = ()
    capabilities: frozenset[str] = field(default_factory=frozenset)

    def may(self, capability: str) -> bool:
        """Does the actor hold this capability?"""
        return capability in self.capabilities

    def organisations(self) -> frozenset[int]:
        """Ids of the organisations the actor has a post in."""
        return frozenset(p.organisation for p in self.posts if p.organisation is not None)

    def areas(self) -> frozenset[int]:
        """Ids of the areas the actor has a post over."""
        return frozenset(p.area for p in self.posts if p.area is not None)

    @staticmethod
    def clock() -> Actor:
        """Time itself: limits that fire."""
        return Actor("clock")

    @staticmethod
    def system() -> Actor:
        """The product itself: installation, jobs."""
        return Actor("system", capabilities=frozenset({"*"}))

    @staticmethod
    def public() -> Actor:
        """Somebody without an account who has not said who they are."""
        return Actor("public")

    @staticmethod
    def reporter(person: str) -> Actor:
        """Somebody without an account, known by a reference into the vault."""
        return Actor(f"reporter:{person}")
