"""秋山省: a neighbourhood office's letter, who and when inside a sentence and not behind a label."""

from sandbox.layouts.form import Layout
from sandbox.layouts.qiushan.print import HELD_OUT, run, short_date
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.sheet import FORM, Sheet


def _draw(page: AccidentCertificate) -> Sheet:
    sheet = Sheet((1240, 1240))
    sheet.title(110, "意外伤害情况证明", 42)
    sheet.text(110, 220, "秋山人寿保险股份有限公司：", 28, FORM)
    name, day = (page.patient_name, "patient_name"), (short_date(page.accident_date), "accident_date")
    run(sheet, 166, 284, 28, "兹证明我辖区居民", name, "，于", day, "发生意外伤害，")
    sheet.text(110, 340, "经核实，情况如下：", 28, FORM)
    below = sheet.paragraph(166, 400, page.narrative, 950, 28, "narrative")
    sheet.text(166, below + 30, "以上情况属实，特此证明。", 28, FORM)
    sheet.text(1120, below + 150, page.issuer, 28, anchor="ra")
    sheet.text(1120, below + 200, "（盖章）", 28, FORM, "ra")
    run(sheet, 110, below + 290, 24, "经办人：", ("示例经办", ""), "    联系电话：", ("000-0000000", ""))
    sheet.seal(880, below + 190, page.issuer, "公章")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
