"""Reads servicing items (保全项目) from YAML: policy/servicing/<item>.yaml. What is wrong is told with file, line and the way out."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TypeVar

from domain.errors import AmountError, RuleBookError
from domain.money import parse_fen
from domain.servicing import Asker, Condition, FieldKind, FieldSpec, Level, ServicingItem
from policy.facts import AMOUNTS, FACTS, WORDS
from policy.transacting.acts import ACTS
from rules.routing_yaml import Item, read_items
from rules.source import suggest

ITEMS_FOLDER = Path(__file__).parent / "servicing"
_Value = TypeVar("_Value")
_ASKERS = {"投保人": Asker.POLICYHOLDER, "被保险人": Asker.INSURED}
_LEVELS = {"验证码": Level.CODE, "人脸": Level.FACE}
_KINDS = {
    "金额": FieldKind.AMOUNT,
    "银行账号": FieldKind.ACCOUNT,
    "手机号": FieldKind.PHONE,
    "行政区划": FieldKind.REGION,
    "地址": FieldKind.ADDRESS,
    "选项": FieldKind.CHOICE,
}  # fmt: skip
_SETTINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "还款": {"还": ("全部", "利息")},
    "领取": {"种类": ("survival", "annuity", "maturity")},
    "约定": {"自动垫交": ("是", "否"), "自动续保": ("是", "否")},
}
_NEEDS_SETTING = ("领取", "约定")
_REQUIRED = ("名称", "name", "办理", "申请人", "身份验证", "直办", "时限", "条件", "批单")
PLACES = frozenset({"保单号", "日期", "申请人", "金额", "利率", "借款期限", "应交日", "期数", "应领日"})


@cache
def shipped_items() -> dict[str, ServicingItem]:
    """Give the items that come with this version, read once."""
    return load_servicing()


def load_servicing(folder: Path = ITEMS_FOLDER) -> dict[str, ServicingItem]:
    """Read every item of a folder, by code.

    Raises:
        RuleBookError: a file that cannot be read, or says what an item cannot say; the message names its line.
    """
    return {path.stem: read_servicing_item(path) for path in sorted(folder.glob("*.yaml"))}


def read_servicing_item(path: Path) -> ServicingItem:
    """Read one item; raises as `load_servicing` does."""
    if not re.fullmatch(r"[a-z][a-z-]{2,31}", path.stem):
        raise RuleBookError(f"{path}: {path.stem} is no code of an item", "name the file in small letters and hyphens: policy-loan.yaml")
    root, content = read_items(path)
    found = root.fields("保全项目", _REQUIRED, ("设置", "资料", "字段"))
    act = _word(found["办理"], "办理", {each: each for each in ACTS})
    return ServicingItem(
        code=path.stem,
        name_zh=found["名称"].text("名称"),
        name_en=found["name"].text("name"),
        act=act,
        settings=_read_settings(act, found),
        askers=tuple(_word(each, "申请人", _ASKERS) for each in found["申请人"].items("申请人")),
        level=_word(found["身份验证"], "身份验证", _LEVELS),
        papers=tuple(each.text("资料") for each in found["资料"].items("资料")) if "资料" in found else (),
        is_straight_through=_word(found["直办"], "直办", {"是": True, "否": False}),
        working_days=_whole(found["时限"], "时限", "个工作日"),
        fields=tuple(_read_field(name, each) for name, each in found["字段"].entries("字段").items()) if "字段" in found else (),
        conditions=tuple(_read_condition(each) for each in found["条件"].items("条件")),
        endorsement=_read_endorsement(found["批单"], found.get("字段")),
        version=hashlib.sha256(content).hexdigest(),
    )


def _read_settings(act: str, found: Mapping[str, Item]) -> dict[str, str]:
    known = _SETTINGS.get(act, {})
    if "设置" not in found:
        if act in _NEEDS_SETTING:
            raise found["办理"].error(f"办理 {act} needs 设置", f"add 设置: {{{next(iter(known))}: …}}")
        return {}
    given = found["设置"].fields("设置", (), tuple(known))
    return {name: _word(each, name, {word: word for word in known[name]}) for name, each in given.items()}


def _read_field(name: str, item: Item) -> FieldSpec:
    if not re.fullmatch(r"[a-z_]{2,24}", name):
        raise item.error(f"字段 {name} is no name of a field", "name it in small English letters, as programs send it: amount")
    found = item.fields(f"字段 {name}", ("名称", "name", "类型"), ("至少", "至多", "选项"))
    kind = _word(found["类型"], "类型", _KINDS)
    for bound, of in (("至少", FieldKind.AMOUNT), ("至多", FieldKind.AMOUNT), ("选项", FieldKind.CHOICE)):
        if bound in found and kind is not of:
            raise found[bound].error(f"{bound} does not belong to 类型 {found['类型'].text('类型')}", f"leave {bound} out")
    if kind is FieldKind.CHOICE and "选项" not in found:
        raise item.error(f"字段 {name} is 选项 and has none", "add 选项: [年交, 月交]")
    most = found["至多"].text("至多") if "至多" in found else ""
    if most and most not in AMOUNTS:
        raise found["至多"].error(f"{most} is no amount of a policy", suggest(most, sorted(AMOUNTS), "fact"))
    least_fen = _fen(found["至少"], "至少") if "至少" in found else 1
    choices = tuple(each.text("选项") for each in found["选项"].items("选项")) if "选项" in found else ()
    return FieldSpec(name, found["名称"].text("名称"), found["name"].text("name"), kind, least_fen, most, choices)


def _read_condition(item: Item) -> Condition:
    found = item.fields("条件", ("看", "否则", "otherwise"), ("是", "至少", "至多"))
    fact = found["看"].text("看")
    if fact not in FACTS:
        raise found["看"].error(f"{fact} is no fact of a policy", suggest(fact, list(FACTS), "fact"))
    zh, en = found["否则"].text("否则"), found["otherwise"].text("otherwise")
    if fact in WORDS:
        if "是" not in found or len(found) != 4:
            raise item.error(f"条件 on {fact} asks for 是, and nothing else", f"write 是: [{WORDS[fact][0]}]")
        known = {each: each for each in WORDS[fact]}
        return Condition(fact, words=tuple(_word(each, fact, known) for each in found["是"].items("是")), otherwise_zh=zh, otherwise_en=en)
    if "是" in found or not {"至少", "至多"} & set(found):
        raise item.error(f"条件 on {fact} asks for 至少 or 至多", "write 至少: 0.01元, or a whole number for days and counts")
    read = _fen if fact in AMOUNTS else _count
    return Condition(fact, (), _optional(found, "至少", read), _optional(found, "至多", read), zh, en)


def _read_endorsement(item: Item, fields: Item | None) -> str:
    text = item.text("批单")
    known = PLACES | set(fields.entries("字段") if fields else ())
    try:
        places = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise item.error(f"批单 has a brace that is not closed: {error}", "write places as {金额}") from error
    for name in sorted(places - known):
        raise item.error(f"批单 has an unknown place {{{name}}}", suggest(name, sorted(known), "place"))
    return text


def _optional(found: Mapping[str, Item], name: str, read: Callable[[Item, str], _Value]) -> _Value | None:
    return read(found[name], name) if name in found else None


def _word(item: Item, what: str, words: Mapping[str, _Value]) -> _Value:
    text = item.text(what)
    if text not in words:
        raise item.error(f"{what} {text} is not known", suggest(text, list(words), what))
    return words[text]


def _fen(item: Item, what: str) -> int:
    text = item.text(what)
    try:
        return parse_fen(text) if text.endswith("元") else _not_fen(item, what, text)
    except AmountError as error:
        raise item.error(f"{what} {text} is no amount", "write it as 1000.00元") from error


def _not_fen(item: Item, what: str, text: str) -> int:
    raise item.error(f"{what} {text} is no amount", "write it as 1000.00元")


def _count(item: Item, what: str) -> int:
    return _whole(item, what, "")


def _whole(item: Item, what: str, unit: str) -> int:
    text = item.text(what)
    if not re.fullmatch(rf"\d{{1,4}}{unit}", text, re.ASCII):
        raise item.error(f"{what} {text} is no whole number" + (f" of {unit}" if unit else ""), f"write it as 5{unit}")
    return int(text.removesuffix(unit))
