"""What customers and agents are told of appointments, by the outbox; a message names the agent and the hour, and no matter."""

from domain.agent import MEETINGS_ZH, AgentCard, Appointment
from domain.china import china_minute
from domain.message import Way
from storage import agents, messages, registry
from storage.database import Transaction


def tell_booked(tx: Transaction, booked: Appointment) -> None:
    """Confirm an appointment to the customer, and tell the agent that somebody wants to be called back or met."""
    card = agents.find_card(tx, booked.agent_id)
    what, when = MEETINGS_ZH[booked.kind], china_minute(booked.begins_ms)
    _to_customer(tx, booked.person_id, "预约已确认", f"您与代理人{_name(card)}的{what}已约定在 {when}。如需改期或取消，请在应用中办理。")
    _to_agent(tx, card, "新预约", f"有客户预约了 {when} 的{what}，请登录工作台查看。")


def tell_moved(tx: Transaction, before: Appointment, after: Appointment) -> None:
    """Tell both that an appointment is at another hour now."""
    card, was, now = agents.find_card(tx, after.agent_id), china_minute(before.begins_ms), china_minute(after.begins_ms)
    _to_customer(tx, after.person_id, "预约已改期", f"您与代理人{_name(card)}的{MEETINGS_ZH[after.kind]}已由 {was} 改到 {now}。")
    _to_agent(tx, card, "预约改期", f"一个预约已由 {was} 改到 {now}，请登录工作台查看。")


def tell_cancelled(tx: Transaction, cancelled: Appointment) -> None:
    """Tell both that an appointment is off."""
    card, when = agents.find_card(tx, cancelled.agent_id), china_minute(cancelled.begins_ms)
    _to_customer(tx, cancelled.person_id, "预约已取消", f"您与代理人{_name(card)}在 {when} 的{MEETINGS_ZH[cancelled.kind]}已取消。")
    _to_agent(tx, card, "预约取消", f"{when} 的预约已取消。")


def remind(tx: Transaction, coming: Appointment) -> None:
    """Remind both of an appointment."""
    card, when = agents.find_card(tx, coming.agent_id), china_minute(coming.begins_ms)
    _to_customer(tx, coming.person_id, "预约提醒", f"提醒您：{when} 与代理人{_name(card)}有约（{MEETINGS_ZH[coming.kind]}）。")
    _to_agent(tx, card, "预约提醒", f"提醒您：{when} 有一个{MEETINGS_ZH[coming.kind]}预约。")


def tell_chosen(tx: Transaction, person_id: str, card: AgentCard, policies: int) -> None:
    """Tell a customer who looks after them now, and the agent that somebody came."""
    _to_customer(tx, person_id, "代理人已变更", f"您的 {policies} 份保单自即刻起由代理人{card.name}（{card.branch.name}）服务。")
    _to_agent(tx, card, "新客户", f"有客户选择您为其 {policies} 份保单服务。")


def tell_left(tx: Transaction, agent_id: str, policies: int) -> None:
    """Tell an agent that somebody went."""
    _to_agent(tx, agents.find_card(tx, agent_id), "客户变更代理人", f"{policies} 份保单已由客户改选其他代理人服务。")


def _to_customer(tx: Transaction, person_id: str, subject: str, told: str) -> None:
    person = registry.find_person(tx, person_id)
    way, recipient = (Way.SMS, person.phone) if person and person.phone else (Way.APP_PUSH, person_id)
    messages.add_customer_message(tx, person_id, way, recipient, subject, f"【明白保险】{told}")


def _to_agent(tx: Transaction, card: AgentCard | None, subject: str, told: str) -> None:
    if card is not None:
        messages.add_customer_message(tx, None, Way.SMS, card.phone, subject, f"【明白保险】{told}")


def _name(card: AgentCard | None) -> str:
    return card.name if card else ""
