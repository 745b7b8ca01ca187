"""Words for what happens to people: accidents, illnesses, hospitals; and whether they are denied or only planned."""

import re

from reporting.heard import Heard


def any_of(words: str) -> str:
    """Give a pattern that any of the words matches; each may be a pattern itself, and white space parts them."""
    return f"(?:{'|'.join(words.split())})"


_BODY = any_of(
    r"""
    头 脸 眼睛? 鼻子? 鼻梁 嘴 牙 门牙 手 手指头? 手腕 胳膊 手臂 肩膀? 腰 背 腿 小腿 大腿 膝盖 脚 脚杆 脚踝 脚趾 肋骨 骨头 尾椎 跟腱
    韧带
    """
)
_BLOWS = any_of(
    r"""
    摔 跌(?:倒|落|伤|了|断|下|跤) 滑倒 绊倒 栽(?:倒|了) 掼 踩空 撞 刮(?:倒|蹭|到) 剐 翻(?:车|沟|到|进) 滚(?:下|落) 烫(?!发) 烧伤
    炸伤 锯(?:掉|到|伤|断|了) 炸(?:了|到|断) 断裂 切[的了]手 切的(?=，|$) 触电 电击 电伤 溺水 落水 淹死 淹到 噎 呛(?:到|着|水) 咬 蜇
    蛰 抓伤 砸 压(?:伤|断|到) 轧 夹(?:伤|到|断|了) 割(?!了?阑尾|了?扁桃|了?包皮|了?痔|了?胆|了?息肉|掉) 划(?:伤|破|到|了)
    切(?:着|到|伤) 切了手 扎(?:伤|到|着|进) 刺伤 捅 砍 打伤 被[^，]{0,4}打 崴 扭(?:伤|了|到|着) 拉伤 骨折 折了 (?<!诊)断了 脱臼 脱位
    磕 碰伤 坠落 坠楼 高坠 掉(?:下来|进|到) 中暑 热射病 受伤 工伤 意外伤害 铡 擦破 擦伤 破皮 (?<!水)破了 口子 挫伤 煤气中毒 一氧化碳中毒
    戳 误(?:食|服|喝) 绞(?:伤|断|到|进) 伤到
    """
)
HURT = rf"{_BLOWS}|{_BODY}(?:给|都)?(?:破|断|扭|伤|肿)了|伤了?{_BODY}"  # an accident that hurts a body as it happens
ACCIDENT = rf"{HURT}|车祸|交通事故|追尾|食物中毒|中毒|出了?事故|意外(?!险|保险|医疗|怀孕|[，＊]|发现)"
SYMPTOM = any_of(
    r"""
    发烧 发热 高烧 低烧 感冒 咳嗽 抽抽 抽搐 (?:肚子|胃|牙|头|胸口?|腹|心口|嗓子|喉咙|关节|浑身)疼 [腹胃胸头]痛 头晕 胸闷 拉肚子 呕吐
    晕倒 昏倒 昏迷 晕过去 吐血 便血 起疹子 过敏 不舒服 难受 突然倒地 说不出话 中风 疼了?一(?:晚|天) 喘不上气
    """
)
_DISEASE = any_of(
    r"""
    突发 癌 肿瘤 白血病 结石 炎(?!热|夏)
    (?:生|因|得了?|犯了?|发|老毛|心脏|胃|肾|肝|肺|眼|皮肤|妇科|什么|大|重|急|慢性|看|尿)病(?!人|房|历|号|床|区) 病(?:了|倒|危|故)
    怀孕 羊水 生孩子 生了个 顺产 剖腹产 剖宫产 搭桥 支架 起搏器 透析 化疗 放疗 近视 囊肿 结节 感染 息肉 惊厥 黄疸 溃疡 衰竭 积液 增生
    (?:脑|胃|眼底|消化道)出血 糖尿病 高血压 心梗 脑梗 新冠
    """
)
ILLNESS = f"{SYMPTOM}|{_DISEASE}"
STAY = any_of(
    r"""
    [住注][^，]{0,3}?院 主院 入[咗了]?院 住[进到在][^，]{0,14}?(?:医院|ICU|icu|重症|病房|卫生院) 入住[^，]{0,14}(?:医院|院|科) 收治
    住着 住了[^，]{1,3}天 ICU icu 重症监护 出[的了]?院 躺在[^，]{0,8}医院 住[^，]{0,8}病房 办了?住院
    """
)
OPERATION = any_of(
    r"""
    手[术数] 开了?刀 开的刀 动了?刀 切除 根治术 置换术 植入术 成形术 搭桥 支架 剖腹产 剖宫产 剖腹(?!产)
    割了?(?:阑尾|扁桃体|包皮|痔疮|息肉|胆) 打了?钢[板钉] 做了?微创 做了?白内障 碎石
    """
)
VISIT = any_of(
    r"""
    门诊 急诊 挂号 挂[的了]?(?:急诊|号|水) 看病 [看睇][了咗的]?(?:个|下|一下)?医生 拿药 开药
    打[的了]?[^，]{0,4}?(?:针|疫苗|血清|点滴) 输液 吊水 缝[的了]?[^，]{0,2}针 包扎 换药 拍[的了]?[个张]?片 去医院看 打[的了]?石膏
    """
)
DEATH = any_of(
    r"""
    去世 死亡 过世 身故 病故 离世 死了 死掉 身亡 牺牲 猝死 (?<!老)人(?:[^，]{0,3}就|已经)?(?:走|没|不在)了
    (?:爸|妈|爹|娘|公|婆|爷|奶|哥|姐|弟|妹)[^，]{0,5}没了 没[能]?(?:抢?救|挺)(?:得|过来|回来|活) 抢救无效 不治
    """
)
EVENT = re.compile("|".join((ACCIDENT, ILLNESS, STAY, OPERATION, VISIT, DEATH, r"体检|诊断|确诊|查出|检查|抢救|出事|走了|走的|做过")))

_NO = any_of("没有? 未 不是 并非 不用 不需要 无需 拒绝 不要 别 不 排除了? 无 没得 不愿意? 不肯")
_DENIED = re.compile(rf"{_NO}(?:去|做|动|进行|再|能|怎么|上|是因为|因为|因|是|得|被|给|到|过)?$")
_WANTED = any_of(
    r"""
    准备 打算 等着? 安排 需要? (?<![主重不])要(?!命) 建议 劝 预约 约了? 明天 后天 下周[一二三四五六日天]? 下个?月 将 想 该 马上
    能不能 是否 [让叫](?:他|她|我|我爸|我妈|去)?
    """
)
_PLANNED = re.compile(rf"{_WANTED}[^，了过]{{0,13}}$")
_NOT_YET = re.compile(r"^(?:(?:定|安排|约|排|改)[在到]|的话|吗|部|费|押金|单|门诊部|保险|险|津贴)")


def is_denied(heard: Heard, start: int) -> bool:
    """Tell whether a word is said not to be so: 没住院, 不是摔的."""
    return _DENIED.search(heard.before(start, 8)) is not None


def is_planned(heard: Heard, start: int, end: int) -> bool:
    """Tell whether something is only wanted, advised or to come: 要做手术, 建议住院."""
    return _PLANNED.search(heard.before(start, 18)) is not None or _NOT_YET.match(heard.plain[end : end + 4]) is not None
