"""What a customer is shown of transactions on their policies: items, quotes, what became of them."""

from api.answers.base import Answer, iso_time
from api.paging import Page
from domain.money import format_fen
from domain.servicing import Figure, ServicingItem
from policy.transacting.quoting import Offer
from storage.endorsements import EndorsementFile
from storage.servicing import ServicingRecord


class ShownField(Answer):
    """One field that an item asks for."""

    name: str
    label: str
    label_zh: str
    kind: str
    at_least: str | None = None
    choices: tuple[str, ...] = ()


class ShownItem(Answer):
    """One thing that can be done with a policy, or why it cannot be done now."""

    item: str
    name: str
    name_zh: str
    is_possible: bool
    why_not: str | None
    why_not_zh: str | None
    identity_level: str
    is_straight_through: bool
    working_days: int
    papers: tuple[str, ...]
    fields: tuple[ShownField, ...]


class ShownItems(Page):
    """Every item for a policy as of today."""

    items: tuple[ShownItem, ...]


class ShownFigure(Answer):
    """One amount of a transaction."""

    label: str
    label_zh: str
    amount: str
    amount_fen: int


class ShownTransaction(Answer):
    """A transaction: what is to be signed, and how far it is."""

    transaction_id: str
    policy_number: str
    item: str
    name_zh: str
    state: str
    day: str
    figures: tuple[ShownFigure, ...]
    text: str
    text_sha256: str
    expires_at: str
    signed_at: str | None
    ended_at: str | None
    due_at: str | None
    reason: str
    endorsements: tuple[str, ...]  # where its files are, once they are printed


class ShownTransactions(Page):
    """The customer's transactions, newest first."""

    transactions: tuple[ShownTransaction, ...]


class SentCode(Answer):
    """That a code was sent, and for how long it is good."""

    expires_in_seconds: int
    phone: str  # its last four digits


def shown_item(offer: Offer) -> ShownItem:
    """Show an item."""
    item, refused = offer.item, offer.refusal
    return ShownItem(
        item=item.code,
        name=item.name_en,
        name_zh=item.name_zh,
        is_possible=refused is None,
        why_not=refused.otherwise_en if refused else None,
        why_not_zh=refused.otherwise_zh if refused else None,
        identity_level=item.level,
        is_straight_through=item.is_straight_through,
        working_days=item.working_days,
        papers=item.papers,
        fields=tuple(
            ShownField(
                name=each.name,
                label=each.label_en,
                label_zh=each.label_zh,
                kind=each.kind,
                at_least=format_fen(each.least_fen, grouped=False) if each.kind == "amount" else None,
                choices=each.choices,
            )
            for each in item.fields
        ),
    )


def shown_transaction(record: ServicingRecord, item: ServicingItem | None, files: tuple[EndorsementFile, ...] = ()) -> ShownTransaction:
    """Show a transaction; `item` is None where its file is no longer shipped."""
    return ShownTransaction(
        transaction_id=record.transaction_id,
        policy_number=record.policy_number,
        item=record.item,
        name_zh=item.name_zh if item else record.item,
        state=record.state,
        day=record.day.isoformat(),
        figures=tuple(map(_figure, record.figures)),
        text=record.text,
        text_sha256=record.text_sha256,
        expires_at=iso_time(record.expires_ms),
        signed_at=iso_time(record.signed_ms) if record.signed_ms else None,
        ended_at=iso_time(record.ended_ms) if record.ended_ms else None,
        due_at=iso_time(record.due_ms) if record.due_ms else None,
        reason=record.reason,
        endorsements=tuple(f"/v1/me/servicing/{record.transaction_id}/endorsement.{each.format}" for each in files),
    )


def _figure(figure: Figure) -> ShownFigure:
    shown = format_fen(figure.amount_fen, grouped=False)
    return ShownFigure(label=figure.label_en, label_zh=figure.label_zh, amount=shown, amount_fen=figure.amount_fen)
