"""Every finding that reading can make: its stable code, how grave it is, and the sentence for people."""

from dataclasses import dataclass

from domain.finding import Finding, Severity
from ocr.gate.advice import ADVICE


@dataclass(frozen=True)
class _Kind:
    severity: Severity
    message: str
    advice: str = ""


_NOTE, _DOUBT, _BLOCK = Severity.NOTE, Severity.DOUBT, Severity.BLOCK

KINDS: dict[str, _Kind] = {
    # What the quality gate finds; it fills the place into the advice itself, see ocr/gate/advice.py.
    "document.blank": _Kind(_BLOCK, "图片上没有文字", ADVICE["blank"].zh),
    "document.too_dark": _Kind(_BLOCK, "图片过暗", ADVICE["dark"].zh),
    "document.overexposed": _Kind(_BLOCK, "图片曝光过度", ADVICE["blown"].zh),
    "document.glare": _Kind(_BLOCK, "图片反光", ADVICE["glare"].zh),
    "document.blurred": _Kind(_BLOCK, "图片模糊，没有对焦", ADVICE["defocus"].zh),
    "document.moved": _Kind(_BLOCK, "图片因晃动而模糊", ADVICE["motion"].zh),
    "document.too_small": _Kind(_BLOCK, "图片上的文字太小", ADVICE["small"].zh),
    "document.faint": _Kind(_BLOCK, "图片上的字迹太淡", ADVICE["faint"].zh),
    "document.covered": _Kind(_BLOCK, "单据被遮挡", ADVICE["covered"].zh),
    "document.cut_off": _Kind(_BLOCK, "单据没有拍全", ADVICE["cut_off"].zh),
    "document.tilted": _Kind(_BLOCK, "拍摄角度太斜", ADVICE["perspective"].zh),
    "document.slanted": _Kind(_BLOCK, "单据歪斜", ADVICE["skew"].zh),
    "document.uneven_light": _Kind(_BLOCK, "图片明暗不均", ADVICE["uneven"].zh),
    "document.grainy": _Kind(_BLOCK, "图片噪点太多", ADVICE["noise"].zh),
    "document.folded": _Kind(_BLOCK, "单据有折痕", ADVICE["fold"].zh),
    "document.screen_photo": _Kind(_BLOCK, "翻拍屏幕的照片", ADVICE["screen"].zh),
    "document.unreadable_text": _Kind(_BLOCK, "图片上的文字大多无法辨认", "文字看不清，请平放单据、对焦清楚后重拍"),
    "document.page_unreadable": _Kind(_BLOCK, "{detail}已损坏，无法读取", "请重新下载或导出文件后上传，或单独拍摄该页上传"),
    "document.page_too_large": _Kind(_BLOCK, "{detail}尺寸过大或内容过多，未读取", "请将该页按 A4 大小导出，或拆成几页后上传"),
    "document.cut_short": _Kind(_DOUBT, "图片没有传完整，{detail}", "请重新上传完整的图片"),
    "document.animation": _Kind(_NOTE, "这是动态图片，只读取了第一帧", "如有多页资料，请逐页拍照上传"),
    "document.hidden_text": _Kind(_NOTE, "文件中有 {detail} 个看不见的文字，未采用"),
    "document.xml_unknown": _Kind(_BLOCK, "XML 的根元素为「{detail}」，不是能识别的电子票据", "请上传该票据的 PDF 或 OFD 版式文件"),
    "document.xml_ambiguous": _Kind(_DOUBT, "电子票据数据中同一项有多个不同的值，未采用：{detail}"),
    "document.attachment_unknown": _Kind(_NOTE, "附件未读取：{detail}", "如附件是理赔资料，请单独上传"),
    "document.attachment_contradicts_print": _Kind(_DOUBT, "版面与所附电子票据数据不一致：{detail}"),
    "document.code_contradicts_print": _Kind(_DOUBT, "二维码与版面不一致：{detail}"),
    "document.edited_with": _Kind(_DOUBT, "文件由图片处理软件保存过：{detail}"),
    "document.pages_edited_with": _Kind(_NOTE, "文件由页面编辑软件保存过：{detail}"),
    "document.changed_after_signing": _Kind(_DOUBT, "PDF 在电子签名之后又被改动"),
    "document.not_medical": _Kind(_DOUBT, "发票不是医疗费用：{detail}", "请上传医疗机构或药店开具的票据"),
    "document.unclassified": _Kind(_DOUBT, "无法判断这是哪一种资料", "请注明这是什么资料，或重新拍摄，让标题完整、清晰"),
    "id_card.back_only": _Kind(_NOTE, "这是身份证的国徽面，没有姓名和号码", "请同时上传身份证的人像面"),
    "document.duplicate_page": _Kind(_NOTE, "{detail}与另一页相同，只采用较清晰的一页"),
    "document.pages_missing": _Kind(_NOTE, "按印刷的页码缺少{detail}", "请补传缺少的页"),
    "document.fields_missing": _Kind(_DOUBT, "未能识别：{detail}"),
    "document.dates_out_of_order": _Kind(_DOUBT, "日期先后矛盾：{detail}"),
    "document.days_mismatch": _Kind(_DOUBT, "住院天数与入出院日期不符：{detail}"),
    "document.mixed_classes": _Kind(_DOUBT, "一个文件内有多种资料：{detail}", "请每种资料单独上传"),
    "field.low_confidence": _Kind(_DOUBT, "{detail}识别把握不足，请人工核对"),
    "field.readers_disagree": _Kind(_DOUBT, "两种识别结果不一致：{detail}"),
    "invoice.total_mismatch": _Kind(_DOUBT, "票据金额大写、小写或明细合计不一致：{detail}"),
    "invoice.decimal_point_restored": _Kind(_NOTE, "小写金额漏印或漏识小数点，已按大写与明细合计还原：{detail}"),
    "invoice.decimal_point_missing": _Kind(_DOUBT, "小写金额没有角分，可能漏印或漏识小数点：{detail}"),
    "invoice.lines_mismatch": _Kind(_DOUBT, "明细合计与票据金额不一致：{detail}"),
    "invoice.payments_mismatch": _Kind(_DOUBT, "医保支付与个人支付之和不等于票据金额：{detail}"),
    "line.product_mismatch": _Kind(_DOUBT, "单价与数量之积不等于金额：{detail}"),
    "expense_list.lines_mismatch": _Kind(_DOUBT, "明细合计与费用合计不一致：{detail}"),
    "id_card.bad_check_digit": _Kind(_DOUBT, "身份证号码校验位不符"),
    "id_card.birth_date_mismatch": _Kind(_DOUBT, "身份证号码与出生日期不符"),
    "bank_card.bad_check_digit": _Kind(_DOUBT, "银行卡号校验位不符"),
    "bank_card.bank_mismatch": _Kind(_DOUBT, "卡面银行与卡号不符：{detail}"),
}


def make_finding(code: str, *, detail: str = "", about: str = "") -> Finding:
    """Make the finding of a known code; `detail` fills its sentence, `about` names the field it speaks of."""
    kind = KINDS[code]
    return Finding(code, kind.severity, kind.message.format(detail=detail), kind.advice, about)
