"""The report of a simulation: as text for a terminal, and as one HTML page with pictures in it, that needs no script and no network."""

from collections.abc import Iterable
from html import escape

from domain.money import format_fen
from rules.simulation import Draft, Line, Tally

Row = tuple[str, Line]
_WIDTH, _BAR, _LABEL = 860, 24, 340
_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse;width:100%}"
    "td,th{padding:.25em .6em;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}"
    "svg{width:100%;height:auto}.more{fill:#b5482f}.less{fill:#2f7d5b}.before{fill:#9aa7b4}.after{fill:#33658a}"
)


def rows_of_changes(draft: Draft, tally: Tally) -> list[Row]:
    """Give a line for each change, the largest first, and one for what they do together."""
    rows = [(f"{arm.changes[0].at.line} 行：{arm.sentence}", line) for arm, line in zip(draft.arms, tally.by_arm, strict=True)]
    rows.sort(key=lambda row: -abs(row[1].change_fen))
    return [*rows, ("共同作用（各项单独变动之外）", Line(0, tally.interaction_fen))]


def report_text(draft: Draft, tally: Tally) -> str:
    """Write the report for a terminal."""
    total = tally.total
    lines = [
        f"{tally.cases} 件 · 现行 {format_fen(total.before_fen)} · 草案 {format_fen(total.after_fen)} · "
        f"变动 {_signed(total.change_fen)} · {total.claims} 件赔付不同"
    ]
    for title, rows in _sections(draft, tally):
        lines += ["", title, *(f"  {_signed(line.change_fen):>18}  {line.claims:>7} 件  {name}" for name, line in rows)]
    lines += ["", "变动最大的案件"]
    lines += [
        f"  {_signed(e.change_fen):>18}  {e.claim_id}  {e.plan}  {format_fen(e.before_fen)} → {format_fen(e.after_fen)}"
        for e in tally.largest
    ]
    lines += [f"注：{each}" for each in _notes(draft, tally)]
    return "\n".join(lines)


def report_html(draft: Draft, tally: Tally) -> str:
    """Write the report as one page."""
    total = tally.total
    parts = [
        f"<h1>模拟 {escape(draft.base.product)}</h1>",
        f"<p>现行 <code>{draft.base.sha256[:12]}</code>，草案 <code>{draft.draft.sha256[:12]}</code>。{tally.cases} 件，"
        f"现行 {format_fen(total.before_fen)}，草案 {format_fen(total.after_fen)}，变动 <b>{_signed(total.change_fen)}</b>，"
        f"{total.claims} 件赔付不同。</p>",
        _picture_of_months(sorted(tally.by_month.items())),
    ]
    for title, rows in _sections(draft, tally):
        parts += [f"<h2>{title}</h2>", _picture_of_changes(rows), _table(rows)]
    parts.append("<h2>变动最大的案件</h2><table><tr><th>案件<th>方案<th>现行<th>草案<th>变动</tr>")
    for each in tally.largest:
        cells = (
            escape(each.claim_id),
            escape(each.plan),
            format_fen(each.before_fen),
            format_fen(each.after_fen),
            _signed(each.change_fen),
        )
        parts.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    parts.append("</table>")
    parts += [f"<p>注：{escape(each)}</p>" for each in _notes(draft, tally)]
    title = f"<title>模拟 {escape(draft.base.product)}</title>"
    return f'<!doctype html><html lang="zh"><meta charset="utf-8">{title}<style>{_STYLE}</style>{"".join(parts)}</html>\n'


def _sections(draft: Draft, tally: Tally) -> list[tuple[str, list[Row]]]:
    return [
        ("按变动的行（每项单独变动）", rows_of_changes(draft, tally)),
        ("按方案", sorted(tally.by_plan.items())),
        ("按责任", list(tally.by_responsibility.items())),
        ("按月", sorted(tally.by_month.items())),
    ]


def _notes(draft: Draft, tally: Tally) -> list[str]:
    together = [f"不能单独成立，计入共同作用：{each.sentence}" for each in draft.unattributed]
    return [*together, *(f"{what}（{count} 件）" for what, count in tally.notes.most_common())]


def _signed(fen: int) -> str:
    return ("+" if fen > 0 else "") + format_fen(fen)


def _table(rows: Iterable[Row]) -> str:
    head = "<tr><th><th>现行<th>草案<th>变动<th>件数</tr>"
    cells = (
        (escape(name), format_fen(line.before_fen), format_fen(line.after_fen), _signed(line.change_fen), str(line.claims))
        for name, line in rows
    )
    return f"<table>{head}{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in cells)}</table>"


def _picture_of_changes(rows: list[Row]) -> str:
    """Draw a bar for each row, to the right where the draft pays more and to the left where it pays less."""
    most = max((abs(line.change_fen) for _, line in rows), default=0) or 1
    room, middle = (_WIDTH - _LABEL) // 2 - 10, _LABEL + (_WIDTH - _LABEL) // 2
    shapes = [f'<line x1="{middle}" x2="{middle}" y1="0" y2="{len(rows) * _BAR}" stroke="#888"/>']
    for index, (name, line) in enumerate(rows):
        width, y = abs(line.change_fen) * room // most, index * _BAR
        x, kind = (middle, "more") if line.change_fen >= 0 else (middle - width, "less")
        label = name if len(name) <= 24 else name[:23] + "…"
        shapes.append(f'<text x="0" y="{y + 16}" font-size="13">{escape(label)}</text>')
        told = f"<title>{escape(name)} {_signed(line.change_fen)}</title>"
        shapes.append(f'<rect class="{kind}" x="{x}" y="{y + 4}" width="{width}" height="{_BAR - 8}">{told}</rect>')
    return _svg(len(rows) * _BAR, shapes)


def _picture_of_months(rows: list[Row]) -> str:
    """Draw two columns a month: what the book pays, and what the draft would."""
    most = max((max(line.before_fen, line.after_fen) for _, line in rows), default=0) or 1
    step, height = _WIDTH // max(len(rows), 1), 200
    shapes = []
    for index, (month, line) in enumerate(rows):
        for place, (kind, fen) in enumerate((("before", line.before_fen), ("after", line.after_fen))):
            tall, wide = fen * height // most, max(min(step // 3, 40), 1)
            x = index * step + place * wide
            told = f"<title>{escape(month)} {format_fen(fen)}</title>"
            shapes.append(f'<rect class="{kind}" x="{x}" y="{height - tall}" width="{wide}" height="{tall}">{told}</rect>')
        shapes.append(f'<text x="{index * step}" y="{height + 16}" font-size="12">{escape(month)}</text>')
    return _svg(height + 24, shapes)


def _svg(height: int, shapes: list[str]) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {max(height, 1)}">{"".join(shapes)}</svg>'
