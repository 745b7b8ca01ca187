"""Says what is still unknown of a responsibility: the elements, the papers that would tell them, and what the answer lies between."""

from collections.abc import Mapping

from domain.assessment import Benefit, ResponsibilityResult
from domain.money import format_fen
from storage.decisions import PolicyAssessment


def asked_for(assessed: PolicyAssessment) -> Mapping[str, str]:
    """Give the paper that would tell each element which nobody knows."""
    return {each.name: each.source for each in assessed.elements if each.value is None}


def tell_unknown(result: ResponsibilityResult, asked: Mapping[str, str]) -> str:
    """Say it in a line: 待补 骨折程度（影像报告），金额在 3,500.00 至 8,000.00 元之间."""
    papers = [(each.element, each.document or asked.get(each.element, "")) for each in result.unknowns]
    causes = "、".join(f"{element}（{paper}）" if paper else element for element, paper in papers)
    what, low = "豁免金额" if result.benefit is Benefit.WAIVER else "金额", format_fen(result.low_fen or 0)
    if result.high_fen is None:
        return f"待补 {causes}，{what}不低于 {low} 元"
    return f"待补 {causes}，{what}在 {low} 至 {format_fen(result.high_fen)} 元之间"
