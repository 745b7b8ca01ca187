"""What can be done with a policy now, and what it would come to (试算): nothing moves here."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from actuarial.mortality import MortalityBasis
from domain.china import MINUTE_MS, china_day, china_midnight_ms
from domain.errors import AmountError, ConflictError, InputError, NotFoundError
from domain.identity import mask_tail
from domain.money import format_fen, parse_fen
from domain.servicing import Asker, Condition, FieldKind, FieldSpec, ServicingItem, TransactionState, Work
from domain.terms import ProductTerms
from policy.facts import FACTS, Look
from policy.holdings import holdings_of
from policy.transacting.acts import ACTS
from policy.transacting.asking import Asked
from storage import registry, servicing
from storage.database import Transaction
from storage.ids import new_id
from storage.servicing import ServicingRecord

QUOTE_MS = 30 * MINUTE_MS
_FORMS = {
    FieldKind.ACCOUNT: (re.compile(r"[0-9]{6,32}"), "6 to 32 digits"),
    FieldKind.PHONE: (re.compile(r"1[0-9]{10}"), "11 digits that begin with 1"),
    FieldKind.REGION: (re.compile(r"[0-9]{6}"), "six digits (行政区划代码), such as 990101"),
    FieldKind.ADDRESS: (re.compile(r"[^\x00-\x1f\x7f]{4,120}"), "4 to 120 characters in one line"),
}


@dataclass(frozen=True)
class Shelf:
    """What transactions work with: items, terms of products, mortality bases."""

    items: Mapping[str, ServicingItem]
    terms: Mapping[str, ProductTerms]
    bases: Mapping[str, MortalityBasis]


@dataclass(frozen=True)
class Offer:
    """An item for a policy on a day: `refusal` is None where it can be done."""

    item: ServicingItem
    refusal: Condition | None


def offers(tx: Transaction, shelf: Shelf, person_id: str, policy_number: str) -> tuple[Offer, ...]:
    """List every item with why it cannot be done now, for a policy of one's own.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    look = look_at(tx, shelf, person_id, policy_number)
    is_busy = servicing.open_on(tx, [policy_number])
    return tuple(Offer(each, _busy() if is_busy and each.fields else _refusal(each, look, person_id)) for each in shelf.items.values())


def look_at(tx: Transaction, shelf: Shelf, person_id: str, policy_number: str, *, lock: bool = False) -> Look:
    """Look at a policy of one's own as of today; `lock` keeps others from it until commit. Raises as `offers` does."""
    today = china_day(tx.now_ms())
    try:
        (holding,) = holdings_of(tx, [policy_number], shelf.terms, today, lock=lock)
    except NotFoundError as error:
        raise no_such_policy(policy_number) from error
    if person_id not in (holding.policy.policyholder_id, holding.policy.insured_id):
        raise no_such_policy(policy_number)
    return Look(holding, shelf.bases)


def no_such_policy(policy_number: str) -> NotFoundError:
    """Say that a policy does not exist, or not for the asker: nobody can tell which."""
    return NotFoundError(f"no policy {policy_number}", "list your own: GET /v1/me/policies")


def quote(
    tx: Transaction, shelf: Shelf, person_id: str, policy_number: str, code: str, fields: Mapping[str, str], on: date | None
) -> ServicingRecord:
    """Work out what an item would do today, and keep it to be signed.

    Raises:
        NotFoundError: no such policy of one's own, or no such item.
        InputError: a field, or a day that is not today.
        ConflictError: the item cannot be done in the policy's state.
    """
    look = look_at(tx, shelf, person_id, policy_number)
    item = item_of(shelf, code)
    check_day(look, on)
    person = registry.find_person(tx, person_id)
    if person is None:
        raise no_such_policy(policy_number)
    asked = Asked(new_id("B"), look, item, dict(fields), person)
    work = work_out(tx, asked)
    text, now = text_of(asked, work), tx.now_ms()
    expires = min(now + QUOTE_MS, china_midnight_ms(look.day + timedelta(days=1)))
    record = ServicingRecord(
        asked.transaction_id, policy_number, person_id, code, item.version, TransactionState.QUOTED, look.day, dict(fields), text,
        hash_of(text), work.figures, (), False, now, expires,
    )  # fmt: skip
    servicing.add_quote(tx, record)
    return record


def item_of(shelf: Shelf, code: str) -> ServicingItem:
    """Find an item by its code.

    Raises:
        NotFoundError: there is none.
    """
    if code not in shelf.items:
        raise NotFoundError(f"no servicing item {code}", f"choose one of: {', '.join(shelf.items)}")
    return shelf.items[code]


def check_day(look: Look, on: date | None) -> None:
    """Make sure that a transaction is asked for today.

    Raises:
        InputError: another day; the words tell a day before the policy, one that is past, and one to come.
    """
    start = look.holding.policy.first_effective_from
    if on is None or on == look.day:
        return
    if on < start:
        raise InputError(f"{on} lies before the policy, which began on {start}", f"send {look.day}, or leave `on` out", field="on")
    told, zh = ("is past: nothing is back-dated", "业务日期不能早于今天") if on < look.day else ("has not come", "业务日期不能晚于今天")
    raise InputError(f"{on} {told}", f"today is {look.day} in China: send that, or leave `on` out", field="on", advice_zh=zh)


def work_out(tx: Transaction, asked: Asked) -> Work:
    """Check who asks, the policy's state and the fields, and give what the item would do.

    Raises:
        ConflictError: it cannot be done now.
        InputError: a field.
    """
    if refused := _refusal(asked.item, asked.look, asked.person.person_id):
        number = asked.look.holding.policy.policy_number
        raise ConflictError(f"{asked.item.code} cannot be done with policy {number} now: {refused.otherwise_en}", refused.otherwise_zh)
    busy = servicing.open_on(tx, [asked.look.holding.policy.policy_number]) if asked.item.fields else {}
    for other in busy.values():
        if other != asked.transaction_id:
            raise ConflictError(f"transaction {other} on this policy is not over yet", _busy().otherwise_zh)
    _check_fields(asked)
    return ACTS[asked.item.act](asked)


def _refusal(item: ServicingItem, look: Look, person_id: str) -> Condition | None:
    """Give the first condition that does not hold: who may ask comes first."""
    policy = look.holding.policy
    mine = {Asker.POLICYHOLDER: policy.policyholder_id, Asker.INSURED: policy.insured_id}
    if person_id not in {mine[each] for each in item.askers}:
        zh = "、".join("投保人" if each is Asker.POLICYHOLDER else "被保险人" for each in item.askers)
        return Condition("申请人", otherwise_zh=f"须由{zh}本人申请", otherwise_en=f"only the {' or '.join(item.askers)} may ask for it")
    return next((each for each in item.conditions if not each.holds(FACTS[each.fact](look))), None)


def _busy() -> Condition:
    return Condition(
        "办理中", otherwise_zh="该保单有一笔业务正在办理，请等待完成", otherwise_en="another transaction on this policy is not over yet"
    )


def _check_fields(asked: Asked) -> None:
    specs = {each.name: each for each in asked.item.fields}
    for name in asked.fields:
        if name not in specs:
            raise InputError(f"{asked.item.code} has no field {name}", f"send: {', '.join(specs) or 'no fields'}", field=f"fields/{name}")
    for spec in specs.values():
        if spec.name not in asked.fields:
            told = f"{asked.item.code} needs {spec.name}"
            raise InputError(told, f"add it: {spec.label_en}", field=f"fields/{spec.name}", advice_zh=f"请填写{spec.label_zh}")
        _check_field(asked, spec, asked.fields[spec.name])


def _check_field(asked: Asked, spec: FieldSpec, value: str) -> None:
    field = f"fields/{spec.name}"
    if spec.kind is FieldKind.AMOUNT:
        _check_amount(asked, spec, value)
    elif spec.kind is FieldKind.CHOICE:
        if value not in spec.choices:
            raise InputError(f"{spec.name} is none of its choices", f"send one of: {'、'.join(spec.choices)}", field=field)
    else:
        form, told = _FORMS[spec.kind]
        if not form.fullmatch(value):
            raise InputError(
                f"{spec.name} has not the form of its kind", f"send {told}", field=field, advice_zh=f"{spec.label_zh}格式不正确"
            )


def _check_amount(asked: Asked, spec: FieldSpec, value: str) -> None:
    field = f"fields/{spec.name}"
    try:
        amount_fen = parse_fen(value)
    except AmountError as error:
        raise InputError(error.what, error.way_out, field=field, advice_zh="请填写金额，最多两位小数") from error
    if amount_fen < spec.least_fen:
        least = format_fen(spec.least_fen)
        raise InputError(
            f"{format_fen(amount_fen)} is below {least}",
            f"send {least} or more",
            field=field,
            advice_zh=f"{spec.label_zh}不能少于 {least} 元",
        )
    most_fen = FACTS[spec.most_fact](asked.look) if spec.most_fact else None
    if isinstance(most_fen, int) and amount_fen > most_fen:
        most = format_fen(most_fen)
        told = f"{format_fen(amount_fen)} is above the most there is now, {most}"
        raise InputError(told, f"send {most} or less", field=field, advice_zh=f"{spec.label_zh}不能超过 {most} 元（{spec.most_fact}）")


def text_of(asked: Asked, work: Work) -> str:
    """Write what the customer signs, word by word: what it is, what it comes to, what the endorsement will say."""
    written = {each.label_zh for each in asked.item.fields}  # an amount that the customer wrote stands there already
    lines = [
        f"保全项目：{asked.item.name_zh}",
        f"保险单号：{asked.look.holding.policy.policy_number}",
        f"申请人：{asked.person.name}",
        f"业务日期：{asked.day.isoformat()}",
        *(f"{each.label_zh}：{_shown(each, asked.fields[each.name])}" for each in asked.item.fields),
        *(f"{each.label_zh}：{format_fen(each.amount_fen)}元" for each in work.figures if each.label_zh not in written),
        endorsement_words(asked, work),
    ]
    return "\n".join(lines)


def endorsement_words(asked: Asked, work: Work) -> str:
    """Fill the item's endorsement: figures and fields at their places."""
    day = asked.day
    moved_fen = work.pay_fen or work.collect_fen
    places = {
        "保单号": asked.look.holding.policy.policy_number,
        "日期": f"{day.year}年{day.month}月{day.day}日",
        "申请人": asked.person.name,
    }
    places |= {"金额": format_fen(moved_fen), **work.words, **asked.fields}
    return asked.item.endorsement.format_map(defaultdict(str, places))


def _shown(spec: FieldSpec, value: str) -> str:
    if spec.kind in (FieldKind.ACCOUNT, FieldKind.PHONE):
        return mask_tail(value)
    return f"{format_fen(parse_fen(value))}元" if spec.kind is FieldKind.AMOUNT else value


def hash_of(text: str) -> str:
    """Hash what is signed."""
    return hashlib.sha256(text.encode()).hexdigest()


def own_record(tx: Transaction, person_id: str, transaction_id: str) -> ServicingRecord:
    """Give a customer's own transaction; somebody else's is none.

    Raises:
        NotFoundError: they have no such transaction.
    """
    record = servicing.find(tx, transaction_id)
    if record.person_id != person_id:
        raise servicing.no_such_transaction(transaction_id)
    return record
