"""What a row of the queue shows, worked out before the template: words, chips, ages."""

from dataclasses import dataclass
from functools import lru_cache

from adjudicator.story import STATES_ZH
from api.workbench.language import plainly, say
from api.workbench.words import CHANNELS_ZH, ROLES_ZH, due_words, received_words
from domain.decision import Route
from domain.finding import Severity
from domain.states import ClaimState
from storage.codec import from_json
from storage.queue import Aside, QueueRow

_MOST_CHIPS = 3
_SOON_MS = 2 * 86_400_000


@dataclass(frozen=True)
class QueueFilter:
    """One tab of the queue: some states, or all when none is named."""

    key: str
    label: str
    states: tuple[ClaimState, ...]
    aside: Aside = Aside.ANY
    is_always_shown: bool = True


_S = ClaimState
# A claim stays DECIDED only while its money is stuck: bounced, of unknown outcome, or given up.
FILTERS = (
    QueueFilter("waiting", "待处理", (_S.IN_REVIEW, _S.IN_INVESTIGATION, _S.DECIDED), Aside.LEFT_OUT),
    QueueFilter("named", "提到我的", (), is_always_shown=False),
    QueueFilter("handed", "转给我的", (_S.IN_REVIEW, _S.IN_INVESTIGATION), is_always_shown=False),
    QueueFilter("review", "人工审核", (_S.IN_REVIEW,)),
    QueueFilter("investigation", "调查", (_S.IN_INVESTIGATION,)),
    QueueFilter("pending", "待生效", (_S.IN_REVIEW, _S.IN_INVESTIGATION), Aside.PENDING, is_always_shown=False),
    QueueFilter("aside", "已搁置", (_S.IN_REVIEW, _S.IN_INVESTIGATION), Aside.ONLY, is_always_shown=False),
    QueueFilter("supplement", "待补资料", (_S.NEEDS_SUPPLEMENT, _S.REPORTED)),
    QueueFilter(
        "running",
        "自动处理中",
        (_S.SUBMITTED, _S.READING, _S.ADJUDICATED, _S.SCORED, _S.APPROVED_STRAIGHT_THROUGH, _S.PRESETTLED, _S.REOPENED),
    ),
    QueueFilter("paying", "支付中", (_S.PAYING,)),
    QueueFilter("done", "已完成", (_S.PAID, _S.CLOSED, _S.WITHDRAWN, _S.DUPLICATE)),
    QueueFilter("all", "全部", ()),
)


COLUMNS = {
    "id": "案件", "name": "被保险人", "state": "状态", "why": "为什么在这里", "amount": "金额", "loss": "预期损失",
    "channel": "来源", "day": "出险", "due": "时限", "age": "收到",
}  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """A short reason why the claim is here; `message` is the whole of it."""

    severity: str
    message: str


@dataclass(frozen=True)
class Row:
    """One claim as the template writes it."""

    claim_id: str
    version: int
    insured_name: str
    channel: str
    state: str
    state_word: str
    loss_date: str
    amount_fen: int | None
    is_decided: bool
    expected_loss_fen: int | None
    chips: tuple[Chip, ...]
    chips_left_out: int
    age: str
    due: str
    due_tone: str  # "" | soon | late
    worked_by: str
    handed_to: str  # a user name, or the word of a role

    def cell(self, column: str) -> str | int | None:
        """Give one column as a file shows it: words, or fen."""
        cells: dict[str, str | int | None] = {
            "id": self.claim_id, "name": self.insured_name, "state": self.state_word,
            "why": say("；").join(plainly(each.message) for each in self.chips),
            "amount": self.amount_fen, "loss": self.expected_loss_fen, "channel": self.channel, "day": self.loss_date, "due": self.due,
            "age": self.age,
        }  # fmt: skip
        return cells[column]


def rows_of(rows: tuple[QueueRow, ...], now_ms: int) -> tuple[Row, ...]:
    """Prepare the rows of the queue as of a moment."""
    return tuple(_row(each, now_ms) for each in rows)


@lru_cache(2048)
def _chips(route_json: str) -> tuple[Chip, ...]:
    """Read why a claim is here, the weighty reasons first; most claims share their reasons with others."""
    flags = from_json(route_json, Route).flags
    return tuple(Chip(each.severity, each.message) for each in sorted(flags, key=lambda each: each.severity is Severity.NOTE))


def _row(row: QueueRow, now_ms: int) -> Row:
    chips = _chips(row.route_json) if row.route_json else ()
    left_ms = row.due_ms - now_ms if row.due_ms is not None else None
    tone = "" if left_ms is None or left_ms > _SOON_MS else "late" if left_ms < 0 else "soon"
    return Row(
        claim_id=row.claim_id,
        version=row.version,
        insured_name=row.insured_name,
        channel=say(CHANNELS_ZH.get(row.channel, row.channel)),
        state=row.state,
        state_word=say(STATES_ZH[ClaimState(row.state)]),
        loss_date=row.loss_date,
        amount_fen=row.proposed_fen if row.decided_fen is None else row.decided_fen,
        is_decided=row.decided_fen is not None,
        expected_loss_fen=row.expected_loss_fen,
        chips=chips[:_MOST_CHIPS],
        chips_left_out=max(0, len(chips) - _MOST_CHIPS),
        age=received_words(now_ms - row.created_ms),
        due=due_words(left_ms),
        due_tone=tone,
        worked_by=row.worked_by or "",
        handed_to=row.to_user or say(ROLES_ZH.get(row.to_role or "", "")),
    )
