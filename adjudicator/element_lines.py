"""Elements of single invoice lines (费用明细): what each is, in which class of the social insurance list, for how many days."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from adjudicator.known import UNTOLD, Known, Told
from domain.document import InvoiceLine
from domain.element import LineValue
from rules.medical_base import ListedItem
from rules.model import Element as Declared
from rules.types import EnumType

_OUT_OF_LIST, _SPECIAL_DRUG, _DENTAL, _BED, _INTENSIVE = "丙类", "特药", "牙科", "床位", "重症监护"
_NO_LINES = "没有能与票据总额相符的费用明细"


def invoice_lines(known: Known, declared: Declared) -> Told:
    """费用明细: every line with the fields that the book declares; what nothing tells of a line is left out, and so unknown."""
    costs = known.costs
    if costs is None or not costs.lines:
        return UNTOLD
    beds = sum(known.base.kind_of(line.name) == _BED for line in costs.lines)
    days = known.evidence.inpatient_days if beds == 1 else None  # one charge for the bed is the whole stay's
    told = tuple(_line(known, declared, line, days) for line in costs.lines)
    return Told(told, f"{costs.source}的明细，类别与目录据票据和医疗基础数据", _class_doubt(known, costs.lines))


def out_of_list(known: Known, _: Declared) -> Told:
    """目录外费用: the lines of class 丙."""
    return _summed(known, lambda line: list_class_of(known, line) == _OUT_OF_LIST)


def own_share_out_of_list(known: Known, _: Declared) -> Told:
    """目录外自费: the lines of class 丙 but for special drugs, which have a benefit of their own."""
    return _summed(known, lambda line: list_class_of(known, line) == _OUT_OF_LIST and not _is_special_drug(known, line))


def special_drugs(known: Known, _: Declared) -> Told:
    """特药费用: the special drugs of the medical base that the list does not cover."""
    return _summed(known, lambda line: list_class_of(known, line) == _OUT_OF_LIST and _is_special_drug(known, line))


def own_share_in_list(known: Known, declared: Declared) -> Told:
    """目录内自付: what social insurance left of the costs within its list; it must have settled first."""
    costs, outside = known.costs, out_of_list(known, declared)
    if costs is not None and costs.via_social_insurance is False:
        return Told(doubt="票据未经医保结算，不知道目录内自付多少")
    if costs is None or costs.charged_fen is None or costs.social_insurance_paid_fen is None or not isinstance(outside.value, int):
        return Told(doubt=outside.doubt)
    rest = costs.charged_fen - costs.social_insurance_paid_fen - outside.value
    return Told(rest, costs.source) if rest >= 0 else Told(doubt="医保支付与目录外费用之和超过总额")


def dental(known: Known, _: Declared) -> Told:
    """dental_cost: the lines for teeth."""
    fen = dental_fen(known)
    return Told(fen, "费用明细") if fen is not None else UNTOLD


def dental_fen(known: Known) -> int | None:
    """Sum the lines for teeth; None while the lines are unknown."""
    costs = known.costs
    if costs is None or not costs.lines:
        return None
    return sum(line.amount_fen for line in costs.lines if known.base.kind_of(line.name) == _DENTAL)


def intensive_care_days(known: Known, _: Declared) -> Told:
    """重症监护天数: the quantities of its beds; a bed without one asks for a person."""
    beds = [line for line in known.costs.lines if _INTENSIVE in line.name] if known.costs else []
    days = [each.quantity for each in beds if each.quantity is not None]
    if len(days) < len(beds):
        return Told(doubt="费用明细中有重症监护，但没有天数")
    return Told(sum(days), "费用明细") if known.costs and known.costs.lines else UNTOLD


def list_class_of(known: Known, line: InvoiceLine) -> str:
    """Give a line's class in the social insurance list: as printed, else the medical base's; "" when neither tells."""
    item = known.base.items.get(line.name)
    return f"{line.list_class}类" if line.list_class else item.list_class if item else ""


def _summed(known: Known, belongs: Callable[[InvoiceLine], bool]) -> Told:
    costs = known.costs
    if costs is None:
        return UNTOLD
    if not costs.lines:
        return Told(doubt=_NO_LINES)
    open_lines = [line.name for line in costs.lines if not list_class_of(known, line)]
    if open_lines:
        return Told(doubt=f"不知道「{open_lines[0]}」属于哪一类目录")
    return Told(sum(line.amount_fen for line in costs.lines if belongs(line)), "费用明细", _class_doubt(known, costs.lines))


def _class_doubt(known: Known, lines: Sequence[InvoiceLine]) -> str:
    """Name the first line that the invoice puts in another class than the medical base; the invoice's stands until a person looks."""
    for line in lines:
        item = known.base.items.get(line.name)
        if line.list_class and item and item.list_class != f"{line.list_class}类":
            return f"「{line.name}」票据印为{line.list_class}类，医疗基础数据为{item.list_class}"
    return ""


def _is_special_drug(known: Known, line: InvoiceLine) -> bool:
    return known.base.kind_of(line.name) == _SPECIAL_DRUG


def _line(known: Known, declared: Declared, line: InvoiceLine, stay_days: int | None) -> LineValue:
    item = known.base.items.get(line.name)
    is_bed = known.base.kind_of(line.name) == _BED
    told: Mapping[str, int | str | None] = {
        "项目": line.name,
        "金额": line.amount_fen,
        "数量": line.quantity,
        "天数": (line.quantity or stay_days) if is_bed else line.quantity,
        "目录等级": list_class_of(known, line) or None,
        "费用类别": None,
        "自付比例": _own_share(item),
    }
    found = {}
    for field in declared.fields:
        value = _category(known, line, field) if field.name == "费用类别" else told.get(field.name)
        if value is not None:
            found[field.name] = value
    return found


def _category(known: Known, line: InvoiceLine, field: Declared) -> str | None:
    words = field.type.values if isinstance(field.type, EnumType) else ()
    if line.name in words:
        return line.name
    kind = known.base.kind_of(line.name)
    category = ("药品" if kind == _SPECIAL_DRUG else kind) + "费"
    return category if category in words else None


def _own_share(item: ListedItem | None) -> str | None:
    return None if item is None else str(Fraction(item.self_share))
