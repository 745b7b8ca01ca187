"""The one supplement notice (补充资料通知书): everything that is missing, at once."""

from adjudicator.letter_frame import LetterCase, frame, ways_to_object
from adjudicator.letters import told_left_out
from domain.letter import Letter, Letterhead, LetterKind, Section


def write_supplement_letter(case: LetterCase, head: Letterhead) -> Letter:
    """Write it from the items of its notice."""
    points = tuple("".join(f"{part.rstrip('。')}。" for part in (each.message, each.advice) if part) for each in case.notice.items)
    opening = f"您的理赔申请已收到。经审核，还需要您补充以下 {len(points)} 项资料，请一次补齐；收到后我们立即继续处理。"
    left_out = told_left_out(case.notice.body)
    sections = (
        Section("", (opening,)),
        Section("请补充的资料", points=points),
        Section("无须提交的资料", (left_out,) if left_out else ()),
        Section(
            "法律提示",
            (
                "《保险法》第二十二条：保险人认为有关的证明和资料不完整的，应当及时一次性通知补充提供。本函已列明全部所需资料。",
                "等待补充期间，核定时限暂停计算；资料补齐后继续计算，并按《保险法》第二十三条及时作出核定。",
            ),
        ),
        ways_to_object(head, is_refused=False),
    )
    return frame(case, head, LetterKind.SUPPLEMENT, "", sections)
