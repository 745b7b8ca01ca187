"""秋山省: what the province's insurance office prints at discharge, cells of label and amount, sums of funds beside their parts."""

from domain.money import format_fen
from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, grid, line_of
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.sheet import Sheet

_HEAD, _AMOUNTS = (130, 230, 130, 250, 130, 230), (300, 250, 300, 250)


def _draw(page: SettlementSheet) -> Sheet:
    sheet = Sheet((1240, 1060))
    sheet.title(60, "秋山省城镇职工基本医疗保险", 32)
    sheet.title(106, "住院医疗费用结算单", 32)
    line_of(sheet, (70, 760), 172, (Entry("结算编号", "JS20240099123"), Entry("单位", "元")), 20)
    head = (
        (Entry("姓名", page.patient_name, "patient_name"), Entry("个人编号", "9900123456"), Entry("人员类别", "在职")),
        (Entry("医疗类别", "普通住院"), Entry("医院等级", "三级"), Entry("结算方式", "联网结算")),
    )
    below = grid(sheet, 70, 206, _HEAD, head)
    below = grid(sheet, 70, below, (230, 870), ((Entry("定点医疗机构名称", page.hospital_name, "hospital_name"),),))
    funds_fen = page.social_insurance_paid_fen + page.major_illness_paid_fen
    rows = (
        (Entry("医疗费总额", _yuan(page.total_fen), "total_fen"), Entry("起付标准", "800.00")),
        (
            Entry("基本医疗统筹基金支出", _yuan(page.social_insurance_paid_fen), "social_insurance_paid_fen"),
            Entry("大病医疗保险基金支出", _yuan(page.major_illness_paid_fen), "major_illness_paid_fen"),
        ),
        (Entry("公务员医疗补助支出", "0.00"), Entry("医疗救助基金支出", "0.00")),
        (Entry("基金支付合计", _yuan(funds_fen)), Entry("个人负担合计", _yuan(page.personal_paid_fen), "personal_paid_fen")),
        (Entry("个人账户支出", "0.00"), Entry("本次结算后账户余额", "126.30")),
    )
    below = grid(sheet, 70, below + 16, _AMOUNTS, rows, 58)
    line_of(sheet, (70, 480, 860), below + 24, (Entry("经办人", "示例经办"), Entry("患者（家属）签字", ""), Entry("打印份数", "1")), 22)
    sheet.seal(960, below + 160, "秋山省医疗保障局", "结算专用章", 105)
    return sheet


def _yuan(fen: int) -> str:
    return format_fen(fen, grouped=False)


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
