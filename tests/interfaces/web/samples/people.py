"""Responsible people, all invented; one post is vacant."""

from __future__ import annotations

from gezhi.interfaces.web import screens

PEOPLE = (
    screens.PersonLine("网格长", "陆建国", "大石坝街社区第 3 网格", "025-0000-3107", invented=True),
    screens.PersonLine("专职网格员", "韩雪", "大石坝街社区第 3 网格", "025-0000-3112", invented=True),
    screens.PersonLine("城管巡查员"),
)
