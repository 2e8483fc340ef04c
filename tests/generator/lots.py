"""Random words, texts, amounts and targets, each with what it means; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")

PLACES = ("青石", "临河", "云溪", "白塘", "东陵", "长桥", "古渡", "金坪", "石桥", "南浦", "鹿泉", "双井")
FIELDS = ("环境卫生", "水利工程", "农村公路", "图书文化", "疾病预防", "就业服务", "职业教育", "城市绿化", "粮食储备", "气象观测",
          "殡葬服务", "食品检验", "土地整理", "社会救助", "档案保管", "森林防火")  # fmt: skip
OFFICES = ("管理处", "服务中心", "管理所", "事务中心", "监测站", "工作站")
BUREAUS = ("水务局", "民政局", "农业农村局", "教育体育局", "卫生健康局", "交通运输局", "自然资源和规划局")
PEOPLE = ("王建国", "李秀英", "张伟", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "欧阳明", "周桂芳")
DOES = ("负责", "承担", "组织", "指导", "开展", "做好", "推进", "加强", "完善", "落实")
WHATS = ("日常巡查和养护", "设施更新改造", "从业人员培训", "数据采集与分析", "群众来信来访办理", "安全生产检查", "应急物资储备", "公益宣传活动",
         "台账和档案整理", "困难群众帮扶", "设备检修维护", "信息系统运行维护", "年度统计调查", "“一网通办”服务", "《管理条例》宣传",
         "重点区域（含城郊）整治", "月度考核", "队伍建设")  # fmt: skip
ENDS = ("确保任务按期完成", "不断提高服务水平", "保障各项工作正常运转", "群众获得感持续增强", "完成率达到98%", "全年不少于12次", "力争走在全省前列",
        "做到应保尽保", "形成长效机制", "涉及资金3.5万元")  # fmt: skip
OUTLAYS = ("办公设备购置费", "宣传印刷费", "劳务外包费", "信息化建设费", "设施维修费", "业务培训费", "专项检测费", "燃油及车辆维护费", "标准化建设项目",
           "困难群体补助（市级配套）", "“暖冬”慰问", "2024年续建工程", "物业管理费", "调查统计费", "规划编制费", "专家评审费")  # fmt: skip
THINGS = (
    "巡查点位",
    "培训学员",
    "养护道路",
    "受益群众",
    "检测样品",
    "宣传材料",
    "帮扶家庭",
    "维修设备",
    "整改问题",
    "发放补贴",
    "建档资料",
    "修复管网",
)
COUNTED = (
    ("人数", "人"),
    ("数量", "个"),
    ("次数", "次"),
    ("户数", "户"),
    ("长度", "公里"),
    ("份数", "份"),
    ("面积", "平方米"),
    ("人次", "人次"),
)
RATES = ("完成率", "及时率", "合格率", "覆盖率", "准确率", "达标率")
QUALITIES = (
    "健全",
    "规范",
    "合理",
    "有效",
    "明显提升",
    "持续改善",
    "达成预期指标",
    "按时足额",
    "保障到位",
    "是",
    "良好",
)
TEXTS = ("每月25日前完成", "2026年12月底前", "按进度完成", "三年内建成并投入使用", "严格执行相关制度规定", "较上年有所提高", "全年无责任事故",
         "第1批完成60%，第2批完成100%", "切实维护社会和谐稳定，让广大群众共享改革发展成果")  # fmt: skip
GRADES = ("优", "良", "中", "差")
STANDARD = {
    "决策": {"计划制定": ("工作计划制定健全性", "中长期规划制定健全性"), "目标设定": ("绩效指标明确性", "绩效目标合理性"),
           "预算编制": ("预算编制规范性", "预算编制科学性")},
    "过程": {"预算执行": ("政府采购执行率", "“三公经费”变动率", "公用经费控制率", "结转结余率", "预算执行率", "预算调整率"),
           "预算管理": ("预算管理制度健全性", "非税收入管理合规性", "预决算信息公开度", "基础信息完善性", "绩效管理覆盖率"),
           "资产管理": ("资产管理规范性", "固定资产利用率", "资产管理制度健全性"),
           "人员管理": ("人员管理制度执行有效性", "在职人员控制率"),
           "机构建设": ("业务学习与培训及时完成率", "纪检监察工作有效性")},
}  # fmt: skip
PROJECT_STANDARD = {
    "决策": {"项目立项": ("立项依据充分性", "立项程序规范性"), "绩效目标": ("绩效目标合理性", "绩效指标明确性"),
           "资金投入": ("预算编制科学性", "资金分配合理性")},
    "过程": {"资金管理": ("预算执行率", "资金使用合规性"), "组织实施": ("制度执行有效性", "管理制度健全性")},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A target as its cell prints it and as it is to be understood; both None for a blank cell."""

    raw: str | None
    value: dict[str, str | None] | None


def text_value(text: str) -> dict[str, str | None]:
    return {"op": None, "number": None, "unit": None, "text": text}


class Lots(random.Random):
    """Draws what stands in forms."""

    def chance(self, share: float) -> bool:
        return self.random() < share

    def one(self, options: Sequence[T]) -> T:
        return self.choice(options)

    def office(self, place: str) -> str:
        return place + self.one(FIELDS) + self.one(OFFICES)

    def bureau(self, place: str) -> str:
        return place + self.one(BUREAUS)

    def outlays(self, count: int) -> list[str]:
        """Names of things that money is spent on, each once, some long."""
        return [self.one(FIELDS) + name if self.chance(0.5) else name for name in self.sample(OUTLAYS, count)]

    def project(self) -> str:
        return self.one(PLACES) + self.one(FIELDS) + self.one(("经费", "工程", "专项", "补助项目", "运行维护项目"))

    def sentence(self) -> str:
        parts = [self.one(DOES) + self.one(WHATS) for _ in range(self.randint(1, 3))] + [self.one(ENDS)]
        return "，".join(parts) + "。"

    def text(self, least: int = 1, most: int = 5) -> str:
        return "".join(self.sentence() for _ in range(self.randint(least, most)))

    def listing(self) -> str:
        """Numbered sentences that run on, as many forms print them."""
        style = self.one(("{}.", "{}、", "（{}）"))
        return "".join(style.format(n) + self.sentence() for n in range(1, self.randint(2, 7)))

    def long_text(self) -> str:
        return self.listing() if self.chance(0.4) else self.text()

    def level3(self) -> tuple[str, str | None]:
        """An indicator's name and the unit it counts in; None where it is a quality."""
        if self.chance(0.3):
            return self.one(WHATS) + self.one(("有效性", "规范性", "可持续性", "及时性")), None
        if self.chance(0.5):
            return self.one(THINGS) + self.one(RATES), "%"
        noun, unit = self.one(COUNTED)
        return self.one(THINGS) + noun, unit

    def number(self, unit: str | None) -> str:
        if unit == "%":
            return self.one(("100", "98", "95", "90", "85", "99.5", "0", "50"))
        return self.one((str(self.randint(1, 99)), str(self.randint(100, 99999)), f"{self.uniform(0.1, 50):.1f}"))

    def target(self, unit: str | None) -> Target:
        """A target in one cell: operator, number and unit, a range, or words."""
        if unit is None or self.chance(0.06):
            word = self.one(QUALITIES) if self.chance(0.8) else self.one(TEXTS)
            return Target(word, text_value(word))
        if self.chance(0.04):
            return Target(None, None)
        if self.chance(0.03):
            mark = self.one(("/", "—"))
            return Target(mark, text_value(mark))
        number = self.number(unit)
        if self.chance(0.08) and unit != "%" and "." not in number:
            high = str(int(number) + self.randint(1, 20))
            raw = number + self.one(("~", "-", "—", "至")) + high + unit
            return Target(raw, {"op": "range", "number": f"{number}~{high}", "unit": unit, "text": None})
        front, behind, op = self.one(
            (("≥", "", "≥"), ("≥", "", "≥"), ("≤", "", "≤"), ("=", "", "="), ("", "", None), ("", "", None), (">", "", ">"),
             ("＜", "", "<"), ("不低于", "", "≥"), ("不超过", "", "≤"), ("", "以上", "≥"), ("", "以内", "≤"))
        )  # fmt: skip
        return Target(front + number + unit + behind, {"op": op, "number": number, "unit": unit, "text": None})

    def bare_target(self, op: str, number: str, unit: str | None, own_unit: str | None = None) -> Target:
        """A target whose operator (and unit) stand in columns of their own; `own_unit` is printed in the cell."""
        if op == "定性":
            word = self.one(QUALITIES)
            return Target(word, text_value(word))
        return Target(number + (own_unit or ""), {"op": op, "number": number, "unit": own_unit or unit, "text": None})

    def amount(self, most: int = 3000) -> Decimal:
        places = self.one((0, 1, 2, 2))
        return Decimal(self.randint(1, most * 10**places)).scaleb(-places)

    def printed(self, amount: Decimal, *, separators: bool = False) -> str:
        """Digits as a form prints them, sometimes with zeros behind the point."""
        text = format(amount, ",f" if separators else "f")
        return text + "0" if "." in text and self.chance(0.1) else text

    def split(self, total: Decimal, count: int) -> list[Decimal]:
        """Parts that add up to a total, in the total's decimals."""
        exponent = min(0, int(total.as_tuple().exponent))
        units = int(total.scaleb(-exponent))
        cuts = sorted(self.randint(0, units) for _ in range(count - 1))
        return [Decimal(b - a).scaleb(exponent) for a, b in zip([0, *cuts], [*cuts, units], strict=True)]


def indicator(**known: Any) -> dict[str, Any]:
    """An indicator of a record, null wherever nothing is said."""
    empty: dict[str, Any] = {
        "level1": None, "level2": None, "level3": None, "focus_work": None, "linked_project": None, "op": None,
        "unit": None, "targets": {}, "values": {}, "actual": None, "weights": {}, "score": None, "criteria": None,
        "note": None,
    }  # fmt: skip
    return empty | known
