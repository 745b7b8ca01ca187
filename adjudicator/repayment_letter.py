"""The letters about what was paid too much: the one that asks for it kindly, and the notice that it was set off."""

from adjudicator.letter_frame import LetterCase, frame, ways_to_object
from domain.letter import Letter, Letterhead, LetterKind, Section

_KINDS = {"repayment": LetterKind.REPAYMENT, "offset": LetterKind.OFFSET}
_LAW = {
    "repayment": "《民法典》第九百八十五条：没有法律根据取得的利益，受损失的人可以请求返还。第九百八十六条：得利人不知道且不应当知道"
    "没有法律根据，取得的利益已经不存在的，不承担返还该利益的义务；您如属此种情形，请告诉我们。",
    "offset": "《民法典》第五百六十八条：当事人互负债务，标的物种类、品质相同的，可以将自己的债务与对方的到期债务抵销，抵销应当通知对方。",
}


def write_repayment_letter(case: LetterCase, head: Letterhead) -> Letter:
    """Write it from the items of its notice."""
    sections = (
        Section("", tuple(each.message for each in case.notice.items)),
        Section("法律提示", (_LAW[case.notice.kind],)),
        ways_to_object(head, is_refused=False),
    )
    return frame(case, head, _KINDS[case.notice.kind], "", sections)
