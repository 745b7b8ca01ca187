"""The account of a catastrophe (灾害事件台账): claims, amounts and clocks, summed from the rows of its claims; and its report.

There are no reserves yet, so none are told. Amounts come from the ledger alone, so that they are as exact as the ledger is.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from adjudicator import clocks
from adjudicator.catastrophe import name_papers
from domain.claim import Channel
from domain.document import DocumentClass
from domain.money import format_fen
from domain.states import ClaimState
from storage import events, registry
from storage.codec import canonical_json, sha256_of
from storage.database import Transaction
from storage.events import ClockSums, DaySums, EventRecord

_DONE = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
_EPOCH = date(1970, 1, 1)
_SUMS = ("decided_fen", "paid_fen", "offset_fen", "recoverable_fen", "written_off_fen")  # reports of long ago lack two of them


@dataclass(frozen=True)
class EventAccount:
    """What an event comes to now; amounts in fen."""

    reported: int  # claims in all
    reported_for: int  # those that we reported
    untouched: int  # of these, those that nobody has answered yet
    by_state: Mapping[str, int]
    by_product: Mapping[str, int]  # claims made under a product; a claim under two products counts for both
    sums: tuple[DaySums, ...]
    clocks: tuple[ClockSums, ...]
    open_claims: tuple[str, ...]
    without_region: int  # insureds whom no area can find: nobody knows where they live

    @property
    def decided_fen(self) -> int:
        """Give what was decided in all."""
        return sum(each.decided_fen for each in self.sums)

    @property
    def paid_fen(self) -> int:
        """Give what was paid in all."""
        return sum(each.paid_fen for each in self.sums)


def account_of(tx: Transaction, record: EventRecord) -> EventAccount:
    """Sum an event's claims as they are now."""
    event = record.event
    rows = events.claims_of_event(tx, event.code)
    ours = [row for row in rows if row.channel == Channel.EVENT]
    return EventAccount(
        reported=len(rows),
        reported_for=len(ours),
        untouched=sum(row.state == ClaimState.REPORTED and row.loss_date is None for row in ours),
        by_state=dict(sorted(Counter(row.state for row in rows).items())),
        by_product=_by_product(tx, [tuple(json.loads(row.policy_numbers_json)) for row in rows]),
        sums=events.sum_ledger(tx, event.code),
        clocks=events.sum_clocks(tx, event.code, tuple(clocks.NAMES_ZH)),
        open_claims=tuple(row.claim_id for row in rows if row.state not in _DONE),
        without_region=events.count_without_region(tx, event),
    )


def _by_product(tx: Transaction, claimed: list[tuple[str, ...]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    numbers = sorted({number for each in claimed for number in each})
    products: dict[str, str] = {}
    for begin in range(0, len(numbers), _BATCH):
        products |= {each.policy_number: each.product for each in registry.find_policies(tx, numbers[begin : begin + _BATCH])}
    for each in claimed:
        counted.update({products[number] for number in each})
    return dict(sorted(counted.items()))


_BATCH = 500


def account_json(record: EventRecord, account: EventAccount) -> dict[str, Any]:
    """Give an event with its account as plain data; amounts stay whole fen, days are ISO days."""
    told = asdict(account) | {"decided_fen": account.decided_fen, "paid_fen": account.paid_fen}
    told["sums"] = [asdict(each) | {"day": day_of(each).isoformat()} for each in account.sums]
    return {"event": _event_json(record), "account": told}


def _event_json(record: EventRecord) -> dict[str, Any]:
    signed = {name: value for name, value in vars(record).items() if name != "event"}
    plain: dict[str, Any] = json.loads(canonical_json(asdict(record.event)))
    return plain | signed | {"status": record.status.value}


def day_of(sums: DaySums) -> date:
    """Give the day in China that sums are of."""
    return _EPOCH + timedelta(days=sums.day)


def report_of(record: EventRecord, account: EventAccount, closed_by: str, closed_ms: int, reason: str) -> tuple[str, str]:
    """Write the report of an event that is being closed: its hash, and its text as canonical JSON."""
    told = account_json(record, account) | {"closed_by": closed_by, "closed_ms": closed_ms, "reason": reason}
    plain = json.loads(canonical_json(told))
    return sha256_of(plain), canonical_json(plain)


def report_markdown(report: Mapping[str, Any], sha256: str) -> str:
    """Lay a report out for readers."""
    event, account = report["event"], report["account"]
    relaxed = event["relaxed"]
    lines = [
        f"# 灾害事件报告：{event['name']}（{event['code']}）",
        "",
        f"- 期间：{event['period_from']} 至 {event['period_to']}；原因：{'、'.join(event['perils'])}",
        f"- 地区：{'、'.join(event['area']['regions']) or '—'}；医院：{'、'.join(event['area']['hospital_ids']) or '—'}",
        f"- 启动 {event['declared_by']}，批准 {event['approved_by']}，关闭 {report['closed_by']}",
        f"- 免交资料：{_papers(relaxed['papers'])}",
        f"- 费用合计不超过 {format_fen(relaxed['small_fen'])} 元的还免交：{_papers(relaxed['papers_of_small'])}",
        f"- 报告内容 sha256 {sha256}",
        "",
        f"案件 {account['reported']} 件，其中主动报案 {account['reported_for']} 件（尚无回应 {account['untouched']} 件）；"
        f"核定 {format_fen(account['decided_fen'])} 元，已付 {format_fen(account['paid_fen'])} 元；没有准备金数据。",
        f"住址地区不明、无法主动查找的被保险人 {account['without_region']} 人。",
        "",
        *_table(("状态", "件数"), account["by_state"].items()),
        *_table(("产品", "件数"), account["by_product"].items()),
        *_table(
            ("日期", "产品", "核定（元）", "已付（元）", "抵销（元）", "应收追偿（元）", "核销（元）"),
            [(each["day"], each["product"], *(format_fen(each.get(name, 0)) for name in _SUMS)) for each in account["sums"]],
        ),
        *_table(
            ("时限", "按时", "超时", "进行中"),
            [
                (clocks.NAMES_ZH.get(each["kind"], each["kind"]), each["kept"], each["missed"], each["running"])
                for each in account["clocks"]
            ],
        ),
    ]
    if account["open_claims"]:
        lines += [f"关闭时未结案件 {len(account['open_claims'])} 件，理由：{report['reason']}", ""]
        lines += [f"- {claim_id}" for claim_id in account["open_claims"]] + [""]
    return "\n".join(lines)


def _papers(codes: list[str]) -> str:
    return name_papers([DocumentClass(each) for each in codes]) or "无"


def _table(head: tuple[str, ...], rows: Any) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(map(str, row)) + " |" for row in rows), ""]
