"""Papers that customers send and that are of no class: receipts, tickets, forms, newspapers, bills of others. All invented."""

from collections.abc import Sequence

from PIL import Image

from sandbox.sheet import A4_PORTRAIT, CARD, Sheet

_SLIP = (620, 1100)
_NARROW = (760, 1500)


def shopping_receipt() -> Image.Image:
    """A supermarket's receipt (购物小票): names, prices, a total."""
    rows = ("商品名称        数量    金额", "纯牛奶 250ml    2    11.80", "卫生纸 10卷     1    25.90", "苹果 散装     1.2   9.60")
    tail = ("合计：47.30", "实收：50.00  找零：2.70", "支付方式：现金", "欢迎光临  谢谢惠顾")
    return _lines(_SLIP, "示例超市", ("收银员：03  2024-03-02 18:20", *rows, *tail))


def pharmacy_receipt() -> Image.Image:
    """A chemist's receipt, which is near to what a hospital prints and yet no medical invoice."""
    rows = ("药品名称    规格    数量    金额", "布洛芬缓释胶囊  0.3g×20粒  1  18.50", "创可贴  100片  1  12.00")
    return _lines(_SLIP, "示例大药房", ("收银台：2  小票号：000123", *rows, "合计：30.50", "实收：30.50", "药品一经售出概不退换"))


def card_slip() -> Image.Image:
    """A card terminal's slip (签购单): card number, issuing bank, holder's signature."""
    lines = (
        "商户名称：示例商贸行", "商户编号：990000000000001", "终端编号：99000001", "发卡行：示例银行", "卡号：9900 00** **** 0010",
        "交易类型：消费", "金额：RMB 128.00", "持卡人签名：",
    )  # fmt: skip
    return _lines(_SLIP, "银联POS签购单", lines)


def train_ticket() -> Image.Image:
    """A train ticket, which prints an ID number."""
    sheet = Sheet(CARD, paper=(214, 232, 246))
    for y, text, size in (
        (60, "Z99A000001          检票：A1", 34), (150, "示例南站    G9999    示例北站", 52),
        (250, "2024年03月02日 08:20开    05车12F号", 38),
        (330, "¥ 263.50元    二等座    车次：G9999", 38), (420, "9901011988****0056 张示例", 38), (520, "仅供报销使用", 34),
    ):  # fmt: skip
        sheet.text(70, y, text, size)
    return sheet.image


def newspaper() -> Image.Image:
    """A page of a newspaper whose articles are about claims, and use every word that titles have."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(60, "示例日报", 60)
    sheet.title(170, "理赔材料怎么备？一文说清出院小结与费用清单", 36)
    story = (
        "本报讯（记者 示例）近日，多位读者来电咨询，住院后申请理赔需要准备哪些材料。保险公司工作人员介绍，"
        "被保险人应当先填写理赔申请书，再附上出院小结、"
        "诊断证明书、住院费用清单和医疗收费票据。涉及手术的，还要复印手术记录；涉及意外的，须由单位或派出所出具意外事故证明。"
        "身份证正反面复印件和本人银行卡号同样不可缺少。有读者问，病理报告遗失怎么办？记者从医院了解到，病案室可以补打病理检查报告。"
    )
    below = sheet.paragraph(100, 260, story, 1040, 26)
    below = sheet.paragraph(100, below + 20, story[60:] + story[:60], 1040, 26)
    sheet.paragraph(100, below + 20, "专家提醒，死亡证明、伤残鉴定书等材料应当由有资质的机构出具，切勿轻信代办。" * 3, 1040, 26)
    return sheet.image


def blank_form() -> Image.Image:
    """A registration form with nothing filled in: it asks for what an identity card and a bank card tell."""
    labels = (
        "姓名：",
        "性别：",
        "出生年月：",
        "民族：",
        "住址：",
        "居民身份证号码：",
        "银行卡号：",
        "开户银行：",
        "联系电话：",
        "紧急联系人：",
    )
    return _lines(A4_PORTRAIT, "员工信息登记表", labels, step=96)


def blank_claim_form() -> Image.Image:
    """A claim form before anybody filled it in: its title, its labels, and lines to write on."""
    labels = (
        "被保险人：________",
        "保单号：________",
        "身份证号：________",
        "出险日期：____年__月__日",
        "出险原因：□ 疾病 □ 意外",
        "银行账号：________",
    )
    return _lines(A4_PORTRAIT, "理赔申请书", labels, step=110)


def tuition_receipt() -> Image.Image:
    """A school's receipt on the very form that hospitals use: code, number, check code, payer, total in capitals."""
    lines = (
        "票据代码：99060199    票据号码：0012345678", "交款人：王示例    校验码：a1b2c3    开票日期：2024-09-01",
        "项目名称    数量    标准    金额（元）",
        "学费    1    5,000.00    5,000.00", "住宿费    1    1,200.00    1,200.00", "金额合计（大写）：陆仟贰佰元整  （小写）：6200.00",
        "收款单位（章）：示例大学    复核人：示例    收款人：示例",
    )  # fmt: skip
    return _lines((1600, 1060), "示例省非税收入统一票据", lines, step=92)


def tax_invoice() -> Image.Image:
    """A VAT invoice of a restaurant."""
    lines = (
        "发票代码：990012345678    发票号码：00123456    开票日期：2024年03月02日", "购买方名称：王示例    纳税人识别号：",
        "项目名称    规格型号    数量    单价    金额    税率",
        "*餐饮服务*餐费    1    283.02    283.02    6%", "价税合计（大写）：叁佰元整    （小写）¥300.00",
        "销售方名称：示例餐饮有限公司    收款人：示例    复核：示例",
    )  # fmt: skip
    return _lines((1600, 1000), "增值税电子普通发票", lines, step=92)


def prescription() -> Image.Image:
    """A prescription: hospital, patient, diagnosis, drugs, and yet no certificate of a diagnosis."""
    lines = (
        "姓名：张示例  性别：男  年龄：36岁", "科别：普外科  费别：自费  日期：2024-03-02", "临床诊断：急性胃炎", "Rp",
        "奥美拉唑肠溶胶囊 20mg×14粒 1盒", "用法：每日一次，每次一粒", "医师：示例  药师：示例",
    )  # fmt: skip
    return _lines(A4_PORTRAIT, "示例市第一人民医院处方笺", lines, step=90)


def bank_statement() -> Image.Image:
    """A statement of an account: card number, name, bookings."""
    lines = (
        "户名：张示例    卡号：9900000000000000010", "起止日期：2024-01-01 至 2024-03-31", "交易日期    摘要    金额    余额",
        "2024-01-05    工资    8,000.00    12,300.00", "2024-02-05    消费    -320.00    11,980.00",
    )  # fmt: skip
    return _lines(A4_PORTRAIT, "示例银行个人账户交易明细", lines, step=80)


def chat() -> Image.Image:
    """A picture of a chat on a telephone."""
    lines = ("妈，出院了吗？", "出了，医生让休息两周", "发票和清单都拿了吗", "拿了，在包里，晚上拍给你", "好的，记得银行卡也拍一下")
    return _lines(_NARROW, "家人群(5)", lines, step=150)


STRANGERS = (
    shopping_receipt, pharmacy_receipt, card_slip, train_ticket, newspaper, blank_form, blank_claim_form, tuition_receipt, tax_invoice,
    prescription, bank_statement, chat,
)  # fmt: skip


def _lines(size: tuple[int, int], title: str, lines: Sequence[str], *, step: int = 72) -> Image.Image:
    sheet = Sheet(size)
    sheet.title(60, title, 40)
    for number, line in enumerate(lines):
        sheet.text(60, 150 + number * step, line, 28)
    return sheet.image
