"""What an address of the queue asks for: a tab, filters, columns, a page. The same words ask for the page, the files and bulk acts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.workbench.form_text import plain_text
from api.workbench.queue_figure import FigureAsked, figure_of
from api.workbench.queue_rows import COLUMNS, FILTERS, QueueFilter
from api.workbench.words import CHANNELS_ZH
from domain.errors import AmountError
from domain.money import parse_fen
from storage.access import Staff
from storage.queue import QueueQuery

DUE_ZH = {"late": "已超期", "day": "一天之内", "week": "七天之内"}
_DUE_MS = {"late": 0, "day": 86_400_000, "week": 7 * 86_400_000}


@dataclass(frozen=True)
class Asked:
    """What is asked for, in the words of the address; a word that means nothing is left out."""

    tab: QueueFilter
    search: str
    channel: str
    amount: str  # at least so many yuan
    due: str
    columns: tuple[str, ...]
    page: int
    figure: FigureAsked | None = None  # of the dashboard

    def query(self, now_ms: int, staff: Staff) -> QueueQuery:
        """Give it as a question to the database."""
        return QueueQuery(
            states=self.tab.states,
            search=self.search,
            channel=self.channel,
            at_least_fen=parse_fen(self.amount) if self.amount else 0,
            due_before_ms=now_ms + _DUE_MS[self.due] if self.due else None,
            aside=self.tab.aside,
            naming=staff.user_name if self.tab.key == "named" else "",
            handed_to=(staff.user_name, staff.role) if self.tab.key == "handed" else None,
            figure=self.figure.figure() if self.figure else None,
        )

    def address(self, **changes: object) -> str:
        """Write it as a query string, with changes."""
        told = {
            "filter": self.tab.key, "search": self.search, "channel": self.channel, "amount": self.amount, "due": self.due,
            "columns": ",".join(self.columns) if self.columns != tuple(COLUMNS) else "", "page": self.page if self.page > 1 else "",
        } | (self.figure.words() if self.figure else {}) | changes  # fmt: skip
        return urlencode({name: value for name, value in told.items() if value not in ("", None)})

    @property
    def list_words(self) -> str | None:
        """Write the list as the page of one of its claims is told of it: no columns, no page; None: it is the usual one."""
        return self.address(columns="", page="") if self.is_narrowed or self.tab != FILTERS[0] else None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the tab is asked for."""
        return bool(self.search or self.channel or self.amount or self.due or self.figure)


def asked_of(args: Mapping[str, str]) -> Asked:
    """Read an address or a form."""
    search, figure = plain_text(args, "search", 64), figure_of(args)
    tab = _tab("all" if figure else args.get("filter", "") or ("all" if search else ""))
    wanted = [each for each in args.get("columns", "").split(",") if each in COLUMNS]
    page = args.get("page", "1")
    return Asked(
        figure=figure,
        tab=replace(tab, states=()) if search and tab.key == "all" else tab,
        search=search,
        channel=args.get("channel", "") if args.get("channel", "") in CHANNELS_ZH else "",
        amount=_amount(plain_text(args, "amount", 20)),
        due=args.get("due", "") if args.get("due", "") in DUE_ZH else "",
        columns=tuple(each for each in COLUMNS if each in wanted) or tuple(COLUMNS),
        page=int(page) if page.isdecimal() and 0 < int(page[:6]) == int(page) else 1,
    )


def _tab(key: str) -> QueueFilter:
    return next((each for each in FILTERS if each.key == key), FILTERS[0])


def _amount(text: str) -> str:
    try:
        return text if text and parse_fen(text) > 0 else ""
    except AmountError:
        return ""
