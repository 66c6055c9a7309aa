"""Finding cases by Chinese words: a word of any length, by an index over characters and pairs of characters.

`zh_grams(body)` is a function of the database (migration 0004); `strpos` then takes out what only looks alike (of
`LIKE` PostgreSQL would believe that hardly any row has it, and read all rows of a frequent word instead of the newest
fifty). Trigrams need three characters, and most Chinese words have two.
"""

from __future__ import annotations

from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from gezhi.modules.cases.models import SearchText
from gezhi.modules.cases.words import clean

_HAS = "(zh_grams(body) @> zh_query(%s) AND strpos(lower(body), %s) > 0)"


def matching(sought: str) -> Q:
    """The cases whose words or address hold each of these words (parted by spaces), whatever the case of letters.

    Raises BadInput where they are too long.
    """
    found = SearchText.objects.filter(case=OuterRef("pk"))
    for word in clean(sought, field="q").split()[:8]:
        has = RawSQL(_HAS, [word, word.lower()], BooleanField())  # noqa: S611 (parameters)
        found = found.filter(has)
    return Q(Exists(found))
