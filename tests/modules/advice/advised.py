"""Closed cases to learn from, a sudden flood of reports, and a switch that is on."""

from __future__ import annotations

from datetime import timedelta

from gezhi.lib.actor import Actor
from gezhi.modules.cases import operations as cases
from gezhi.modules.cases.operations import History, Place, Report
from gezhi.modules.switches import scenarios
from tests.town import EAST, WEST, Town

COVERS = ("井盖破损", "马路上井盖没了", "井盖松动发响", "窨井盖破了一个角")
RUBBISH = ("垃圾堆了一地", "楼下有暴露垃圾", "垃圾没有人清运", "路边一堆垃圾发臭")
ASKER = Actor("account:9001", 9001, (), frozenset({"switch.ask"}))
APPROVER = Actor("account:9002", 9002, (), frozenset({"administer.security"}))


def learned(town: Town, n: int = 240) -> tuple[str, str]:
    """`n` cases that ended, half of covers in the east, half of rubbish in the west; the keys of the two classes."""
    from gezhi.modules.catalogue import queries as catalogue

    covers = "C01001"
    rubbish = next(one.key for one in catalogue.in_force().classes if one.key != covers)
    reports = []
    for k in range(n):
        cover = k % 2 == 0
        at = town.now - timedelta(days=25, hours=-k)
        lon, lat = EAST if cover else WEST
        reports.append(
            Report(
                channel="resident",
                source="old",
                source_id=str(k),
                words=f"{(COVERS if cover else RUBBISH)[k // 2 % 4]}，第{k}号楼旁边",
                place=Place(lon=lon, lat=lat),
                klass=covers if cover else rubbish,
                reported_at=at,
                history=History(closed_at=at + timedelta(hours=3), unit=town.unit("water" if cover else "roads")),
            )
        )
    cases.report_many(reports=reports, by=Actor.system(), now=town.now)
    return covers, rubbish


def burst(town: Town, n: int, *, start: int = 0) -> None:
    """Reports of flooding in the east, one a minute until now."""
    reports = [
        Report(
            channel="hotline",
            source="storm",
            source_id=str(k),
            words="暴雨后道路积水没过膝盖",
            place=Place(lon=EAST[0] + k * 1e-5, lat=EAST[1]),
            reported_at=town.now - timedelta(minutes=start + n - k),
        )
        for k in range(start, start + n)
    ]
    cases.report_many(reports=reports, by=Actor.system(), now=town.now)
    town.now += timedelta(minutes=1)


def switched_on(town: Town) -> None:
    """The scenario switch of the assistant, asked for by one and approved by another."""
    request = scenarios.ask(
        key="assistant",
        legal_basis="本单位智能应用管理办法",
        purpose="起草答复",
        expires_at=town.now + timedelta(days=30),
        by=ASKER,
        now=town.now,
    )
    scenarios.decide(request=request, approve=True, by=APPROVER, now=town.now)
