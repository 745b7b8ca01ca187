"""The report of a simulation as text for a terminal, and what both forms of it say."""

from domain.money import format_fen
from rules.phrases import Phrase
from rules.simulation import Draft, Line, Tally
from rules.simulation_pictures import Row, signed
from rules.telling import tell


def rows_of_changes(draft: Draft, tally: Tally) -> list[Row]:
    """Give a line for each change, the largest first, and one for what they do together."""
    rows = [(f"{arm.changes[0].at.line} 行：{arm.sentence}", line) for arm, line in zip(draft.arms, tally.by_arm, strict=True)]
    rows.sort(key=lambda row: -abs(row[1].change_fen))
    return [*rows, ("共同作用（各项单独变动之外）", Line(0, tally.interaction_fen))]


def report_text(draft: Draft, tally: Tally) -> str:
    """Write the report for a terminal."""
    total = tally.total
    lines = [
        f"{tally.cases:,} 件 · 现行 {format_fen(total.before_fen)} · 草案 {format_fen(total.after_fen)} · "
        f"变动 {signed(total.change_fen)} · {total.claims:,} 件赔付不同"
    ]
    for title, rows in _sections(draft, tally):
        lines += ["", title, *(f"  {signed(line.change_fen):>18}  {line.claims:>7,} 件  {name}" for name, line in rows)]
    lines += ["", "变动最大的案件"]
    lines += [
        f"  {signed(e.change_fen):>18}  {e.claim_id}  {e.plan}  {format_fen(e.before_fen)} → {format_fen(e.after_fen)}"
        for e in tally.largest
    ]
    lines += [f"注：{tell(each, 'zh')}" for each in notes_of(draft, tally)]
    return "\n".join(lines)


def _sections(draft: Draft, tally: Tally) -> list[tuple[str, list[Row]]]:
    return [
        ("按变动的行（每项单独变动）", rows_of_changes(draft, tally)),
        ("按方案", sorted(tally.by_plan.items())),
        ("按责任", list(tally.by_responsibility.items())),
        ("按月", sorted(tally.by_month.items())),
    ]


def notes_of(draft: Draft, tally: Tally) -> list[Phrase]:
    """Say what was left out or assumed, and how often."""
    together = [Phrase("cannot stand alone, counted with the interaction: {change}", change=each.sentence) for each in draft.unattributed]
    return [*together, *(Phrase("{what} ({count} claims)", what=what, count=f"{count:,}") for what, count in tally.notes.most_common())]
