"""海棠省: a village committee's 受伤经过证明, day and person in cells, the story as a letter."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.haitang.print import HELD_OUT, cells, dotted
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.sheet import FORM, Sheet


def _draw(page: AccidentCertificate) -> Sheet:
    sheet = Sheet((1240, 1160))
    sheet.title(90, "受 伤 经 过 证 明", 40)
    who = (Entry("受伤者", page.patient_name, "patient_name"), Entry("受伤当日", dotted(page.accident_date), "accident_date"))
    y = cells(sheet, 90, 190, (160, 360, 180, 360), who, 62, 26)
    sheet.text(90, y + 40, "前后经过", 26, FORM)
    below = sheet.paragraph(130, y + 90, page.narrative, 980, 26, "narrative")
    sheet.text(90, below + 50, "本单位对上述内容负责。", 26, FORM)
    sheet.text(1120, below + 140, page.issuer, 26, anchor="ra")
    sheet.seal(900, below + 180, page.issuer, "公章")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
