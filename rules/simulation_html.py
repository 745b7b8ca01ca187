"""The report of a simulation as one HTML page with pictures in it, that needs no script and no network, in light and in dark."""

from collections.abc import Iterable, Sequence
from html import escape

from domain.money import format_fen
from rules.simulation import Draft, Line, Tally
from rules.simulation_pictures import Row, bar, changes_by_month, payouts_by_month, scale, signed
from rules.simulation_report import notes_of, rows_of_changes
from rules.telling import tell

_STYLE = """
:root{color-scheme:light dark;--page:#fff;--ink:#1d2733;--soft:#5c6a78;--line:#d9dfe5;--tile:#f4f6f8;
--more:#b5482f;--less:#2f7d5b;--before:#a9b4bf;--after:#2f6690}
@media(prefers-color-scheme:dark){:root{--page:#14191f;--ink:#e3e8ed;--soft:#98a5b2;--line:#313a44;--tile:#1e252d;
--more:#e07a5f;--less:#5fb68c;--before:#66727e;--after:#6ba3d0}}
body{font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif;
max-width:64em;margin:2em auto;padding:0 1.2em;color:var(--ink);background:var(--page);font-variant-numeric:tabular-nums}
h1{font-size:1.6em;margin:0}h2{font-size:1.15em;margin:2em 0 .5em}p,.soft{color:var(--soft)}code{font-size:.9em}
.tiles{display:flex;gap:1em;margin:1.2em 0;flex-wrap:wrap}.tiles div{flex:1;min-width:10em;background:var(--tile);
border-radius:6px;padding:.7em 1em}.tiles b{display:block;font-size:1.35em;white-space:nowrap}.tiles span{color:var(--soft)}
table{border-collapse:collapse;width:100%}td,th{padding:.35em .6em;border-bottom:1px solid var(--line);text-align:right;
vertical-align:top;white-space:nowrap}th{color:var(--soft);font-weight:normal;font-size:.9em}
td.words,th.words{text-align:left;white-space:normal}tr.sum td{font-weight:bold;border-bottom:0}
.scale{display:flex;width:240px;margin-left:auto}.scale span{flex:1;text-align:center}
.scale span:first-child{text-align:left}.scale span:last-child{text-align:right}
svg{vertical-align:middle}svg.chart{width:100%;height:auto;margin:.3em 0}svg text{fill:var(--soft);font-size:12px}
svg .axis{stroke:var(--soft)}svg .grid{stroke:var(--line)}.more{fill:var(--more)}.less{fill:var(--less)}
.before{fill:var(--before)}.after{fill:var(--after)}.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}
@media print{body{max-width:none;margin:0}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def report_html(draft: Draft, tally: Tally) -> str:
    """Write the report as one page."""
    title = f"模拟 {escape(draft.base.product)}"
    months = sorted(tally.by_month.items())
    parts = [
        f"<h1>{title}</h1>",
        f"<p>现行 <code>{draft.base.sha256[:12]}</code> · 草案 <code>{draft.draft.sha256[:12]}</code> · 金额单位：元</p>",
        _tiles(tally),
        "<h2>按变动的行</h2><p>每项单独变动的影响；各项合计加共同作用，等于全部变动。</p>",
        _changes(draft, tally),
        "<h2>按方案</h2>",
        _table("方案", sorted(tally.by_plan.items()), tally.total),
        "<h2>按责任</h2>",
        _table("责任", list(tally.by_responsibility.items()), tally.total, counts=False),
        "<h2>按月</h2>",
        *([_key("before", "现行赔付") + _key("after", "草案赔付"), payouts_by_month(months)] if months else []),
        *([_key("more", "草案多赔") + _key("less", "草案少赔"), changes_by_month(months)] if months else []),
        _table("决定的月份", months, tally.total),
        "<h2>变动最大的案件</h2>",
        _largest(tally),
        *(f"<p>注：{escape(tell(each, 'zh'))}</p>" for each in notes_of(draft, tally)),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN">{head}{"".join(parts)}</html>\n'


def _tiles(tally: Tally) -> str:
    total = tally.total
    share = f"{total.change_fen / total.before_fen:+.2%}" if total.before_fen else "—"
    tiles = (
        ("现行赔付", format_fen(total.before_fen), f"{tally.cases:,} 件"),
        ("草案赔付", format_fen(total.after_fen), f"{tally.cases:,} 件"),
        ("变动", signed(total.change_fen), share),
        ("赔付不同", f"{total.claims:,} 件", f"占 {total.claims / tally.cases:.1%}" if tally.cases else "—"),
    )
    inside = "".join(f"<div><span>{name}</span><b>{figure}</b><span>{more}</span></div>" for name, figure, more in tiles)
    return f'<div class="tiles">{inside}</div>'


def _changes(draft: Draft, tally: Tally) -> str:
    rows = rows_of_changes(draft, tally)
    most = max(abs(line.change_fen) for _, line in rows)
    head = f'<tr><th class="words">变动<th>影响<th>{scale(most)}<th>件数</tr>'
    body = [_row(name, (signed(line.change_fen),), line, most, f"{line.claims:,}") for name, line in rows[:-1]]
    together, whole = rows[-1], tally.total
    body.append(_row(together[0], (signed(together[1].change_fen),), together[1], most, ""))
    return f"<table>{head}{''.join(body)}{_sum((signed(whole.change_fen),), f'{whole.claims:,}')}</table>"


def _table(what: str, rows: Sequence[Row], total: Line, *, counts: bool = True) -> str:
    """Write a table that sums to the whole; a claim may count under several responsibilities, so `counts` leaves their sum out."""
    most = max((abs(line.change_fen) for _, line in rows), default=0)
    head = f'<tr><th class="words">{what}<th>现行<th>草案<th>变动<th>{scale(most)}<th>件数</tr>'
    body = "".join(
        _row(name, (format_fen(line.before_fen), format_fen(line.after_fen), signed(line.change_fen)), line, most, f"{line.claims:,}")
        for name, line in rows
    )
    figures = (format_fen(total.before_fen), format_fen(total.after_fen), signed(total.change_fen))
    return f"<table>{head}{body}{_sum(figures, f'{total.claims:,}' if counts else '')}</table>"


def _row(name: str, figures: Iterable[str], line: Line, most: int, count: str) -> str:
    cells = "".join(f"<td>{each}</td>" for each in figures)
    picture = bar(line.change_fen, most, f"{name} {signed(line.change_fen)}")
    return f'<tr><td class="words">{escape(name)}</td>{cells}<td>{picture}</td><td>{count}</td></tr>'


def _sum(figures: Iterable[str], count: str) -> str:
    cells = "".join(f"<td>{each}</td>" for each in figures)
    return f'<tr class="sum"><td class="words">合计</td>{cells}<td></td><td>{count}</td></tr>'


def _largest(tally: Tally) -> str:
    rows = []
    for each in tally.largest:
        words = "".join(f'<td class="words">{escape(word)}</td>' for word in (each.claim_id, each.plan))
        figures = (format_fen(each.before_fen), format_fen(each.after_fen), signed(each.change_fen))
        rows.append(f"<tr>{words}{''.join(f'<td>{figure}</td>' for figure in figures)}</tr>")
    return f'<table><tr><th class="words">案件<th class="words">方案<th>现行<th>草案<th>变动</tr>{"".join(rows)}</table>'


def _key(kind: str, words: str) -> str:
    return f'<svg class="key" viewBox="0 0 8 8"><rect class="{kind}" width="8" height="8"/></svg><span class="soft">{words}</span>'
