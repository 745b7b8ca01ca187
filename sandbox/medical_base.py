"""The medical base of the sandbox: hospitals that do not exist, and the agents who sold the policies."""

from domain.policy import Agent, Hospital
from sandbox.numbers import account_number, phone

FIRST_HOSPITAL = Hospital("H9901", "示例市第一医院", "三级", "公立", direct_settlement=True, account_number=account_number(900_001))
SECOND_HOSPITAL = Hospital("H9902", "示例市第二医院", "二级", "公立", direct_settlement=False, account_number=account_number(900_002))
REHAB_CLINIC = Hospital("H9903", "示例市康复门诊部", "未定级", "民营")
TOWN_HOSPITAL = Hospital("H9904", "示例县中心卫生院", "一级", "公立")

HOSPITALS = (FIRST_HOSPITAL, SECOND_HOSPITAL, REHAB_CLINIC, TOWN_HOSPITAL)

AGENTS = (
    Agent("A9901", "周示成", phone(90_000_001), "示例市分公司"),
    Agent("A9902", "吴示真", phone(90_000_002), "示例市分公司"),
    Agent("A9903", "郑示远", phone(90_000_003), "示例县支公司"),
)
