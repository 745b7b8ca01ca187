"""Papers in the words that hospitals, insurers and offices use beside those of the sandbox's layouts. All invented."""

from dataclasses import dataclass, field
from datetime import date

from domain.document import DocumentClass

_C = DocumentClass


@dataclass(frozen=True)
class Paper:
    """What is printed, and what must be found on it; a charged item is its name, fen, class and quantity."""

    document_class: DocumentClass
    text: str
    fields: dict[str, object]
    lines: list[tuple[str, int, str]] = field(default_factory=list)


PAPERS = {
    "fiscal electronic inpatient bill": Paper(
        _C.MEDICAL_INVOICE,
        """
                 示例省医疗住院收费票据（电子）
票据代码：99060124                          票据号码：0012345678
交款人统一社会信用代码：                     校验码：a1b2c3
交款人：张示例                               开票日期：2026年03月11日
项目名称          金额（元）    项目名称          金额（元）
床位费            640.00        护理费            120.50
西药费            3,543.62      卫生材料费        1,000.00
金额合计（大写）伍仟叁佰零肆元壹角贰分        （小写）5304.12
其他信息
业务流水号：202603110001    医疗机构类型：综合医院    性别：男
医保类型：职工基本医疗保险    医保编号：9901    病历号：0001
住院科别：普外科    住院号：ZY001    住院时间：2026-03-02 至 2026-03-11
医保统筹基金支付：3000.00    其他支付：304.12    个人账户支付：500.00
个人现金支付：1500.00    个人自付：1200.00    个人自费：800.00
收款单位（章）：示例市第一人民医院    复核人：李示例    收款人：王示例
""",
        {
            "invoice_code": "99060124",
            "invoice_number": "0012345678",
            "check_code": "a1b2c3",
            "payer_name": "张示例",
            "issue_date": date(2026, 3, 11),
            "hospital_name": "示例市第一人民医院",
            "admission_date": date(2026, 3, 2),
            "discharge_date": date(2026, 3, 11),
            "insurance_type": "职工基本医疗保险",
            "total_fen": 530412,
            "total_capitals_fen": 530412,
            "social_insurance_paid_fen": 300000,
            "other_paid_fen": 30412,
            "account_paid_fen": 50000,
            "cash_paid_fen": 150000,
            "personal_paid_fen": 200000,
            "self_paid_fen": 120000,
            "self_funded_fen": 80000,
        },
        [("床位费", 64000, ""), ("西药费", 354362, ""), ("护理费", 12050, ""), ("卫生材料费", 100000, "")],
    ),
    "paper receipt of a hospital": Paper(
        _C.MEDICAL_INVOICE,
        """
            示例市医疗机构住院费收据
收据编号：0098765432    姓名：王示例    住院日期：2026.03.02—2026.03.11    共9天
费用项目          金额        自付金额
西药费            1200.00     100.00
检查费            300.50      0.00
其中：CT费        200.00      0.00
小计              1500.50     100.00
合计人民币（大写）：壹仟伍佰元伍角整    ¥1,500.50
统筹支付：1000.50    个人支付金额：500.00
医疗机构（章）：示例县人民医院    收费员：李示例    日期：2026.03.11
""",
        {
            "invoice_number": "0098765432",
            "payer_name": "王示例",
            "issue_date": date(2026, 3, 11),
            "hospital_name": "示例县人民医院",
            "admission_date": date(2026, 3, 2),
            "discharge_date": date(2026, 3, 11),
            "inpatient_days": 9,
            "total_fen": 150050,
            "total_capitals_fen": 150050,
            "social_insurance_paid_fen": 100050,
            "personal_paid_fen": 50000,
        },
        [("西药费", 120000, ""), ("检查费", 30050, "")],
    ),
    "hospital's summary of charges": Paper(
        _C.EXPENSE_LIST,
        """
              示例市中医院
              住院病人费用汇总单
病员姓名：李示例    住院号：001    统计日期：2026-03-02 至 2026-03-11
费用名称        规格        单价      数量    应收金额    自费金额    费用等级
阿莫西林胶囊    0.25g*24    12.50     4       50.00       0.00        甲类
血常规          次          20.00     2       40.00       4.00        乙类
一次性导管      根          300.00    1       300.00      300.00      自费
小计                                          390.00      304.00
总金额：390.00
""",
        {"patient_name": "李示例", "hospital_name": "示例市中医院", "total_fen": 39000},
        [("阿莫西林胶囊", 5000, "甲"), ("血常规", 4000, "乙"), ("一次性导管", 30000, "丙")],
    ),
    "daily list with an amount before the class": Paper(
        _C.EXPENSE_LIST,
        """
            示例大学附属第二医院患者每日费用清单
患者：赵示例      科室：内科      日期：2026-03-02
收费项目名称      金额（元）      医保属性
诊查费            25.00           甲
特需床位费        800.00          丙
本日合计          825.00
""",
        {"patient_name": "赵示例", "hospital_name": "示例大学附属第二医院", "total_fen": 82500},
        [("诊查费", 2500, "甲"), ("特需床位费", 80000, "丙")],
    ),
    "discharge certificate": Paper(
        _C.DISCHARGE_SUMMARY,
        """
              示例市第二人民医院
              出 院 证 明 书
患者姓名：周示例    性别：女    年龄：50岁    住院病历号：0001
住院时间：2026年3月2日至2026年3月11日    共住院9天
入院诊断：腹痛待查
出院主要诊断：急性阑尾炎（K35.800）
治疗经过：入院后行手术治疗。
出院建议：休息两周。
医师签名：林示例
""",
        {
            "patient_name": "周示例",
            "hospital_name": "示例市第二人民医院",
            "admission_date": date(2026, 3, 2),
            "discharge_date": date(2026, 3, 11),
            "inpatient_days": 9,
            "diagnosis": "急性阑尾炎",
            "diagnosis_icd10": "K35.800",
        },
    ),
    "front page of a record": Paper(
        _C.DISCHARGE_SUMMARY,
        """
              示例省中医院
              住院病案首页
姓名  吴示例    性别  男    出生日期  1988-01-05    年龄  38岁
入院时间      出院时间      实际住院（天）
2026/3/2      2026/3/11     9
出院主要诊断      疾病编码      入院病情
肺炎              J18.900       有
主治医师  陈示例    住院医师  黄示例
""",
        {
            "patient_name": "吴示例",
            "hospital_name": "示例省中医院",
            "admission_date": date(2026, 3, 2),
            "discharge_date": date(2026, 3, 11),
            "inpatient_days": 9,
            "diagnosis": "肺炎",
            "diagnosis_icd10": "J18.900",
            "attending_doctor": "陈示例",
        },
    ),
    "doctor's certificate": Paper(
        _C.DIAGNOSIS_CERTIFICATE,
        """
              示例县人民医院
              疾病诊断书
患者姓名：徐示例性别：男年龄：33岁
就诊科室：骨科      就诊日期：2026年3月2日
临床诊断：1.腰椎间盘突出（M51.202）
医师建议：休息两周。
主治医师：林示例    日期：二〇二六年三月二日
""",
        {
            "patient_name": "徐示例",
            "hospital_name": "示例县人民医院",
            "diagnosis": "腰椎间盘突出",
            "diagnosis_icd10": "M51.202",
            "diagnosis_date": date(2026, 3, 2),
        },
    ),
    "certificate in a table": Paper(
        _C.DIAGNOSIS_CERTIFICATE,
        """
              示例市妇幼保健院病情证明单
姓名      性别      年龄      职业      住址
孙示例    女        30        教师      示例路1号
诊断结果      肺炎
国际疾病编码      J18.900
处理建议      住院治疗
开具时间      2026-03-05
""",
        {
            "patient_name": "孙示例",
            "hospital_name": "示例市妇幼保健院",
            "diagnosis": "肺炎",
            "diagnosis_icd10": "J18.900",
            "diagnosis_date": date(2026, 3, 5),
        },
    ),
    "histology report": Paper(
        _C.PATHOLOGY_REPORT,
        """
              示例市肿瘤医院
              病理组织学诊断报告
病理检查号：B2026-0001    送检日期：2026-03-01    收到日期：2026-03-01
受检者姓名：胡示例    性别：女    年龄：45    住院号：001
标本名称：甲状腺左叶
巨检：灰白组织一块。
镜检：乳头状结构。
病理学诊断：甲状腺乳头状癌
报告医生：陈示例    签发日期：2026-03-04
""",
        {
            "patient_name": "胡示例",
            "hospital_name": "示例市肿瘤医院",
            "pathology_number": "B2026-0001",
            "diagnosis": "甲状腺乳头状癌",
            "report_date": date(2026, 3, 4),
        },
    ),
    "insurer's claim form": Paper(
        _C.CLAIM_FORM,
        """
              示例人寿保险股份有限公司
              个人保险理赔申请表
保险合同号      AX20240001      报案号      R001
出险人信息
出险人姓名      郑示例      证件类型      身份证      证件号码      990101198001010014
事故信息
出险时间      2026年3月2日      出险地点      示例市      事故类型      意外
申请人信息
申请人姓名      郑小样      与被保险人关系      父子      证件号码      990101200501010010
领款账户
开户银行      示例银行      户名      郑示例      银行卡号      9900000000000000010
申请人签字：郑小样      申请日期：2026年3月20日
""",
        {
            "insured_name": "郑示例",
            "policy_number": "AX20240001",
            "id_number": "990101198001010014",
            "loss_date": date(2026, 3, 2),
            "loss_cause": "意外",
            "bank_account": "9900000000000000010",
        },
    ),
    "application for a benefit": Paper(
        _C.CLAIM_FORM,
        """
              医疗保险金给付申请表
保单号码：AX20240002
被保险人：冯示例    身份证件号码：990101198001010014
事故发生日期：2026-03-02    申请原因：☑疾病 □意外
受益人姓名：冯小样    收款账号：9900000000000000010
""",
        {
            "insured_name": "冯示例",
            "policy_number": "AX20240002",
            "id_number": "990101198001010014",
            "loss_date": date(2026, 3, 2),
            "loss_cause": "疾病",
            "bank_account": "9900000000000000010",
        },
    ),
    "police decision on a traffic accident": Paper(
        _C.ACCIDENT_CERTIFICATE,
        """
              道路交通事故认定书
                                示公交认字[2026]第0001号
事故时间：2026年03月02日08时20分      天气：晴
事故地点：示例路口
当事人：韩示例
道路交通事故发生经过：
2026年3月2日，韩示例骑车与车辆相撞，左腿受伤。
示例市公安局交通警察支队
""",
        {"patient_name": "韩示例", "accident_date": date(2026, 3, 2), "narrative": "2026年3月2日，韩示例骑车与车辆相撞，左腿受伤。"},
    ),
    "employer's account of an injury": Paper(
        _C.ACCIDENT_CERTIFICATE,
        """
              意外伤害情况说明
伤者姓名      唐示例
受伤时间      2026-03-02
受伤地点      单位车间
简要经过      搬运货物时滑倒，右手腕受伤。
以上情况属实。
示例机械有限公司（公章）
""",
        {"patient_name": "唐示例", "accident_date": date(2026, 3, 2), "narrative": "搬运货物时滑倒，右手腕受伤。"},
    ),
    "medical certificate of death": Paper(
        _C.DEATH_CERTIFICATE,
        """
              居民死亡医学证明（推断）书
死者姓名  邓示例    性别  男    民族  汉族
死亡时间  2026年03月11日    死亡地点  医疗卫生机构
直接死亡原因  急性心肌梗死
""",
        {"deceased_name": "邓示例", "death_date": date(2026, 3, 11), "cause": "急性心肌梗死"},
    ),
    "settlement of the resident insurance": Paper(
        _C.SETTLEMENT_SHEET,
        """
              示例市城乡居民医疗保险住院结算单
定点医疗机构：示例县人民医院    参保人姓名：曹示例    险种类型：城乡居民
医疗总费用      起付线      统筹支付      大病支付      个人自负
10000.00        500.00      6000.00       1000.00       3000.00
""",
        {
            "patient_name": "曹示例",
            "hospital_name": "示例县人民医院",
            "total_fen": 1_000_000,
            "social_insurance_paid_fen": 600_000,
            "major_illness_paid_fen": 100_000,
            "personal_paid_fen": 300_000,
        },
    ),
    "settlement in two columns": Paper(
        _C.SETTLEMENT_SHEET,
        """
              示例省基本医疗保险费用结算凭证
人员姓名：彭示例      医疗机构名称：示例市第一人民医院
本次医疗费总额      12,000.00      医保统筹基金支付      7,000.00
大额医疗费用补助      2,000.00      个人负担合计      3,000.00
""",
        {
            "patient_name": "彭示例",
            "hospital_name": "示例市第一人民医院",
            "total_fen": 1_200_000,
            "social_insurance_paid_fen": 700_000,
            "major_illness_paid_fen": 200_000,
            "personal_paid_fen": 300_000,
        },
    ),
    "another insurer's statement": Paper(
        _C.PAYMENT_STATEMENT,
        """
              示例财产保险有限公司
              医疗费用分割单
被保险人姓名：曾示例    赔付公司：示例财产保险有限公司
本公司赔付金额：1,234.56元    赔款支付日期：2026-03-20
""",
        {"patient_name": "曾示例", "payer": "示例财产保险有限公司", "paid_fen": 123456, "paid_date": date(2026, 3, 20)},
    ),
    "operation record": Paper(
        _C.SURGERY_RECORD,
        """
              示例市骨科医院手术记录单
患者姓名：田示例    住院号：001
手术开始时间：2026-03-03 09:00    手术分级：三级
术前诊断：股骨骨折    术后诊断：股骨骨折
手术方式：股骨骨折切开复位内固定术
""",
        {
            "patient_name": "田示例",
            "hospital_name": "示例市骨科医院",
            "surgery_date": date(2026, 3, 3),
            "operation": "股骨骨折切开复位内固定术",
            "operation_grade": "三级",
        },
    ),
    "CT report": Paper(
        _C.IMAGING_REPORT,
        """
              示例市第一人民医院CT诊断报告书
姓名：任示例    影像号：001    检查部位：右股骨    检查日期：2026-03-02
影像学表现：右股骨干骨皮质中断。
影像学诊断：右股骨干骨折
报告医生：李示例    报告日期：2026-03-02
""",
        {
            "patient_name": "任示例",
            "hospital_name": "示例市第一人民医院",
            "body_part": "右股骨",
            "conclusion": "右股骨干骨折",
            "report_date": date(2026, 3, 2),
        },
    ),
    "opinion on a disability": Paper(
        _C.DISABILITY_REPORT,
        """
              人身保险伤残程度评定意见书
被评定人：范示例    身份证号码：990101198001010014
评定结论：右髋关节功能部分丧失
致残等级：九级
评定日期：2026-03-11
""",
        {"patient_name": "范示例", "id_number": "990101198001010014", "disability_grade": "九级", "assessed_date": date(2026, 3, 11)},
    ),
}

# Papers that lie between the ones that claims need, or are near to them in words.
STRANGE_PAPERS = {
    "admission record": """
示例市第一人民医院
入院记录
姓名：张示例    性别：男
入院日期：2026-03-02
主诉：腹痛一天
现病史：患者一天前腹痛
入院诊断：急性阑尾炎
""",
    "laboratory report": """
示例市第一人民医院检验报告单
姓名：张示例    送检医生：李示例    标本类型：血清
检验项目    结果    参考范围
血糖    5.6    3.9-6.1
报告日期：2026-03-02
""",
    "receipt for a deposit": """
示例市第一人民医院
住院预交金收据
姓名：张示例    住院号：001
金额（大写）：伍仟元整    （小写）¥5000.00
收款人：李示例    日期：2026-03-02
""",
    "insurance policy": """
示例人寿保险股份有限公司
人身保险合同
保险单号：AX20240001
投保人：张示例    被保险人：张示例
身份证号：990101198001010014
保险金额：100000.00    交费期间：10年
""",
    "application for insurance": """
示例人寿保险股份有限公司
个人投保申请书
投保人：张示例    被保险人：张示例
证件号码：990101198001010014
投保险种    保险金额    缴费方式
健康告知：无
银行账号：9900000000000000010
""",
    "change of a policy": """
保险合同变更申请书
保单号：AX20240001    被保险人：张示例
申请人：张示例
变更项目：银行账号 9900000000000000010
""",
    "prescription": """
示例市第一人民医院处方笺
姓名：张示例    科别：内科
临床诊断：肺炎
Rp 阿莫西林 2026-03-02
""",
    "outpatient record": """
示例市第一人民医院
门诊病历
姓名：张示例    就诊日期：2026-03-02
主诉：咳嗽
现病史：咳嗽三天
诊断：肺炎
处理意见：口服药物
""",
    "consent": """
示例市第一人民医院
手术知情同意书
姓名：张示例    术前诊断：阑尾炎
手术名称：阑尾切除术
患者签名：张示例  2026-03-02
""",
    "check list": """
理赔所需材料清单
1.理赔申请书
2.身份证复印件
3.出院小结
4.费用清单
5.医疗收费票据
咨询电话：000-0000000
""",
    "travel expenses": """
差旅费报销单
姓名：张示例    部门：销售部
项目名称    数量    金额
住宿费    2    600.00
合计    600.00
""",
    "garage list": """
示例汽车维修结算清单
项目名称    数量    单价    金额
更换机油    1    200.00    200.00
合计：200.00
""",
    "birth certificate": """
出生医学证明
新生儿姓名：张示例    出生时间：2026年3月2日
母亲姓名：李示例    医疗机构：示例市妇幼保健院
""",
    "medical check-up": """
示例市第一人民医院健康体检报告
姓名：张示例    体检日期：2026-03-02
检查项目    结果    参考值
血压    120/80
""",
    "refusal": """
拒赔通知书
被保险人：张示例    保单号：AX20240001
出险日期：2026-03-02
经审核不属于保险责任
""",
    "bank receipt": """
示例银行电子回单
付款人：张示例    账号：9900000000000000010
收款人：李示例    金额：1,000.00
交易日期：2026-03-02
""",
    "household register": """
常住人口登记卡
姓名：张示例    民族：汉    公民身份号码：见附页
户别：家庭户  2026-03-02
""",
    "lease": """
房屋租赁合同
甲方：张示例    乙方：李示例    身份证号：990101198001010014
租金每月2000.00元，押金2000.00元
""",
}
