"""Tells a paper's title: how hospitals, insurers and offices name their papers, as a grammar and not as a list of whole titles.

A title stands by itself, behind nothing but the name of who issues it, before nothing but a number, a colon or a remark in
brackets, and high on its page: further down a form lists the papers that belong to it. A strong title alone tells the class;
a weak one (检查报告单, 费用明细表) is used by others too, and counts as much as a good label.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from domain.document import DocumentClass

STRONG, WEAK = 6.0, 3.0
_LONGEST = 45  # characters of a title with the name of who issues it
_HEAD_LINES = 12  # lines of a page among which its title is looked for
_BELOW_THE_HEAD = 0.3  # what a title counts further down

_C = DocumentClass
_TAIL = r"(?:[（(【\[].{0,20}|[：:].*|[0-9A-Za-z\-—－_.·/第页共联份№*]*)$"
_STRANGE_TAIL = r"(?:[（(【\[].{0,20})?$"  # what looks like a title before a colon or a number is a label: 保险单号
_SHEET = "(?:书|单|表)"
# Before a title stands the name of who issues it. These tell that it is part of something else: a list, a request, another paper.
_NO_TITLE = re.compile(
    r"[，。；;？！?!☑□■√✓]|^[\d一二三四五六七八九十]{1,2}[.．、]|^[（(][\d一二三四五六七八九十]{1,2}[）)]|^(?:附[：:件]|另附|详见|"
    r"提供|提交|填写|携带|关于|上传|查看|下载|打印)|(?:须知|说明|指南|流程|要求|材料清单)[）)]?$"
)

_TITLES: Mapping[DocumentClass, tuple[tuple[str, float], ...]] = {
    _C.MEDICAL_INVOICE: (
        (r"(?:医疗|门诊|住院|急诊|医院|卫生院|卫生服务).{0,8}(?:收费|费用|医药费?|挂号).{0,6}(?:票据|收据|发票)", STRONG),
        (r"(?:医疗|门诊|住院|急诊|医药费?).{0,4}(?:专用|统一|电子)?(?:票据|收据|发票)", STRONG),
        (r"收费(?:专用)?(?:票据|收据)", WEAK),
    ),
    _C.EXPENSE_LIST: (
        (r"(?:住院|门诊|急诊|患者|病人|病员|医疗|医药|医院|出院|用药|药品)(?:(?!结算|报销|补偿|分割).){0,10}(?:清单|明细|汇总)(?:汇总|"
         r"总)?" + _SHEET + "?", STRONG),
        (r"(?:每日|一日|日)(?:费用|明细|用药)?清单(?:汇总)?", STRONG),
        (r"(?:费用|收费|账单|帐单|记账|记帐|计费)(?:项目)?(?:汇总|分类|总)?(?:清单|明细清单|明细账|明细表|明细单|汇总单|汇总表|"
         r"清单汇总|明细汇总)", WEAK + 1),
        (r"(?:费用|收费)(?:明细|汇总)", WEAK),
    ),
    _C.DISCHARGE_SUMMARY: (
        (r"出院(?:小结|总结|记录|志|摘要|病情摘要|病历摘要|病历|情况记录|证明书?|证书|证|报告)" + _SHEET + "?", STRONG),
        (r"(?:住院)?病[案历]首页", STRONG),
        (r"住院(?:小结|总结|病[历案]摘要|病情摘要|记录摘要|情况小结)", STRONG),
        (r"病[历案]摘要|病情摘要|离院小结", WEAK + 1),
    ),
    _C.DIAGNOSIS_CERTIFICATE: (
        (r"(?:疾病|病情|医疗|医学|门诊|急诊|住院|出院|临床|病休|休假)?诊断(?:结果|病情|"
         r"疾病)?(?:证明" + _SHEET + "?|意见" + _SHEET + ")", STRONG),
        (r"(?:疾病|病情|医学|医疗|门诊|临床)诊断(?:书|单|报告书?)", STRONG),
        (r"诊断书", STRONG),
        (r"(?:疾病|病情|病假|病休)(?:诊疗|诊治|处理)?证明" + _SHEET + "?", STRONG),
        (r"(?<!死亡)(?<!出生)(?:医学|医疗)证明" + _SHEET + "?", WEAK + 1),
    ),
    _C.PATHOLOGY_REPORT: (
        (r"病理.{0,14}报告" + _SHEET + "?", STRONG),
        (r"病理.{0,8}诊断(?:报告)?" + _SHEET + "", STRONG),
        (r"(?:组织学|细胞学|活检|活组织|冰冻|免疫组化|免疫组织化学).{0,12}报告" + _SHEET + "?", STRONG),
    ),
    _C.ID_CARD: ((r"居民身份证", 4.0),),
    _C.BANK_CARD: ((r"银行卡|借记卡|信用卡|储蓄卡", 4.0),),
    _C.CLAIM_FORM: (
        (r"(?:理赔|索赔|赔偿|赔付|赔款).{0,10}(?:申请|请求|委托)(?:书|表|单|通知书|登记表)", STRONG + 1),
        (r"(?:保险金|给付|赔偿金|医疗金|生存金|津贴).{0,10}(?:申请|请求|申领|领取)(?:书|表|单|通知书)", STRONG + 1),
        (r"索赔(?:申请|请求|通知)?" + _SHEET, STRONG + 1),
        (r"(?:出险|报案)(?:通知|登记|申请|报案)" + _SHEET + r"|理赔(?:报案|受理|登记|案件).{0,4}" + _SHEET, WEAK + 1),
    ),
    _C.ACCIDENT_CERTIFICATE: (
        (r"(?:意外|事故|伤害|受伤|致伤|摔伤|工伤).{0,8}(?:证明|认定)" + _SHEET + "?", STRONG),
        (r"事故.{0,6}(?:责任)?(?:认定|证明)" + _SHEET + "?", STRONG),
        (r"(?:意外|事故|受伤|伤害).{0,6}(?:经过|情况|原因)(?:说明|证明|报告|陈述)" + _SHEET + "?", STRONG),
        (r"接(?:报)?处?警.{0,6}(?:证明|情况说明|回执|登记表)|出警证明", WEAK + 1),
        (r"事故(?:报告|说明|登记)" + _SHEET, WEAK + 1),
    ),
    _C.DEATH_CERTIFICATE: (
        (r"死亡.{0,8}(?:证明|推断)(?:（推断）|\(推断\))?" + _SHEET + "?", STRONG + 1),
        (r"死亡(?:通知|报告|诊断|鉴定)" + _SHEET + "|死亡证", STRONG),
    ),
    _C.SETTLEMENT_SHEET: (
        (
            r"(?:医保|医疗保险|医疗保障|基本医疗|新农合|农合|合作医疗|社会保险|社保|大病保险|生育保险|职工医疗|居民医疗)"
            r".{0,14}(?:结算|结报|补偿|报销|支付|偿付|核算|审核)(?:费用|信息|情况|结果)?(?:明细|汇总|审批|通知|告知)?(?:书|单|表|清单|"
             r"凭证|凭单|凭条|回执|小票)?",
            STRONG + 1,
        ),
        (r"(?:住院|门诊|医疗|出院|费用|医药费|就医).{0,8}(?:结算|结报|报销|补偿)(?:明细|汇总|审核|审批)?(?:书|单|表|凭证|凭单|清单)",
        WEAK + 2),
        (r"(?:结算|结报)(?:明细)?(?:单|清单|凭证|表)", WEAK),
    ),
    _C.PAYMENT_STATEMENT: (
        (r"分割单", STRONG),
        (r"(?<!拒)(?:理赔|赔款|赔付|给付|赔偿)(?:决定|结案|给付|赔款|支付|结果|金额|费用)?(?:通知书|计算书|证明书?|结论书|批单|确认书|"
         r"告知书)", STRONG),
    ),
    _C.SURGERY_RECORD: ((r"手术(?:经过|操作|治疗)?(?:记录|志|报告)" + _SHEET + "?", STRONG), (r"介入(?:手术|治疗|"
     r"诊疗)记录" + _SHEET + "?", STRONG)),
    _C.IMAGING_REPORT: (
        (
            r"(?:影像|放射|CT|MRI?|MR|PET|磁共振|核磁|X线|X光|X射线|超声|彩超|B超|DR|CR|造影|钼靶|断层|"
             r"彩色多普勒).{0,14}报告" + _SHEET + "?",
            STRONG,
        ),
        (r"检查报告" + _SHEET, WEAK),
    ),
    _C.DISABILITY_REPORT: (
        (r"(?:伤残|残疾|致残|劳动能力|失能).{0,10}(?:鉴定|评定|评估|认定)(?:意见|结论|报告|结果)?" + _SHEET + "?", STRONG),
        (r"(?:司法|法医|法医临床).{0,4}鉴定(?:意见|报告|检验)?书", WEAK + 1),
    ),
}  # fmt: skip

# Papers that look like one of ours and are of no class.
_STRANGE: tuple[tuple[str, float], ...] = (
    (r"处方(?:笺|单|签)?|(?:检验|化验|体检|健康体检|健康检查|基因检测|核酸检测|生化).{0,8}(?:报告|结果)" + _SHEET + "?", STRONG),
    (r"入院(?:记录|证|通知|登记|告知|病历|评估)" + _SHEET + r"?|住院(?:证|通知|登记|须知|"
     r"病历)" + _SHEET + "?|(?:门诊|急诊|门急诊)病[历案]" + _SHEET + "?", STRONG),
    (r"(?:病程|护理|抢救|会诊|查房|麻醉|输血|转科|交接班|术前小结|术前讨论).{0,6}(?:记录|单|小结|"
     r"讨论)" + _SHEET + "?|医嘱单?|体温单|死亡记录", STRONG),
    (r"(?:知情)?同意书|告知书|承诺书|声明书|委托书|协议书|(?<!保险)合同(?:书)?|通行证|邀请函|感谢信", STRONG),
    (r"(?:投保|承保|续保|退保|保全|变更|批改|复效|解除合同|减保|保单贷款).{0,8}(?:申请|通知|确认|提示)?" + _SHEET, STRONG + 1),
    (r"(?:人寿|健康|意外|医疗|重疾|重大疾病|人身)?保险(?:单|合同|凭证|条款|证)(?:正本|副本)?|电子保单|保险费?发票", STRONG),
    (r"(?:预交金?|押金|预缴金?|定金|保证金|住院金).{0,4}(?:收据|凭证|单|票据|条)|(?:缴费|催款|欠费|催缴|补缴).{0,6}(?:通知|单|凭证|"
     r"提醒)" + _SHEET + "?", STRONG + 2),
    (r"(?:挂号|预约|导诊|取药|报到|候诊|排队|叫号).{0,4}(?:单|凭证|条|票|信息)|发药单|配药单|申请单|检查预约", STRONG),
    (r"(?:报销|差旅|借款|领款|付款|请款|出库|入库|采购|送货|发货|销售|维修|保养|加油|停车|快递|运单|托运|点菜|结账|订单).{0,6}(?:单|"
     r"表|清单|凭证|小票|明细|票据|收据)", STRONG + 1),
    (r"(?:交易|账户|银行|资金|微信|支付宝).{0,6}(?:明细|流水|对账单|回单|凭证|账单)|转账(?:成功|凭证|回单|记录)|电子回单|业务回单",
    STRONG + 1),
    (r"拒(?:绝)?(?:赔|付).{0,8}书|不予(?:受理|赔付|给付).{0,8}书|立案通知书|(?:补充|补交).{0,6}(?:资料|材料)通知" + _SHEET + "?",
    STRONG + 1),
    (r"(?:出生|结婚|离婚|营业|驾驶|行驶|房产|不动产|学位|学历|毕业|在职|收入|居住|残疾人|退休|职业|健康|预防接种|"
     r"从业).{0,4}(?:医学证明|证明|证书|证|执照)", STRONG),
    (r"户口[本簿]|护照|户籍证明|无犯罪记录证明|(?:考试|面试|比赛).{0,4}(?:准考证|成绩单)|成绩单|简历|请假[条单]|(?:报名|"
     r"(?<!警)(?<!理赔)(?<!报案)登记|签到|考勤|统计|信息|调查|评分|花名册).{0,2}表|问卷", STRONG),
    (r"(?:增值税|通用|餐饮|机动车|出租车|客运|航空|火车|过路).{0,8}(?:发票|车票|行程单|客票)|非税收入.{0,6}票据|车票|登机牌|行程单|"
     r"门票", STRONG),
)  # fmt: skip


def _compile(titles: Sequence[tuple[str, float]], tail: str) -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple((re.compile(f"(?:{title}){tail}"), weight) for title, weight in titles)


def _any_of(titles: Iterable[tuple[str, float]], tail: str) -> re.Pattern[str]:
    """Compile all titles into one pattern: nearly every piece of a page is none, and one search tells."""
    return re.compile(f"(?:{'|'.join(title for title, _ in titles)}){tail}")


_COMPILED = {each: _compile(titles, _TAIL) for each, titles in _TITLES.items()}
_COMPILED_STRANGE = _compile(_STRANGE, _STRANGE_TAIL)
_ANY = _any_of(chain.from_iterable(_TITLES.values()), _TAIL)
_ANY_STRANGE = _any_of(_STRANGE, _STRANGE_TAIL)


def weigh_titles(lines: Sequence[Sequence[str]]) -> tuple[dict[DocumentClass, float], float]:
    """Weigh what the titles on a page say for every class that has one, and for papers of no class.

    `lines` are the page's lines from top to bottom, each cut into its pieces without blanks.
    """
    own: dict[DocumentClass, float] = {}
    strange = 0.0
    for number, pieces in enumerate(lines):
        share = 1.0 if number < _HEAD_LINES else _BELOW_THE_HEAD
        for piece in pieces:
            head = re.split("[：:]", piece, maxsplit=1)[0]
            if len(head) > _LONGEST or _NO_TITLE.search(head):
                continue
            for each, titles in _COMPILED.items() if _ANY.search(piece) else ():
                found = _heaviest(titles, piece)
                if found:
                    own[each] = max(own.get(each, 0.0), found * share)
            if _ANY_STRANGE.search(piece):
                strange = max(strange, _heaviest(_COMPILED_STRANGE, piece) * share)
    return own, strange


def _heaviest(titles: Sequence[tuple[re.Pattern[str], float]], piece: str) -> float:
    return max((weight for title, weight in titles if title.search(piece)), default=0.0)
