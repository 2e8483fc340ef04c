"""Synonyms: a printed word for a meaning, drawn out of the vocabulary and kept throughout a form."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.language.vocabulary import load_words

from ..lots import Lots

WORDS = load_words()
VAGUE = frozenset(
    {
        "部门", "负责人", "电话", "单位", "项目", "等级", "说明", "指标", "目标", "名称", "任务", "金额", "资金", "来源", "科目", "满分", "评分",
        "实际完成", "绩效目标", "合计", "总计", "评价标准", "完成进度", "执行进度", "备注", "专项名称", "考核指标", "评价指标", "绩效指标",
    }
)  # fmt: skip
"""Words that say too little by themselves, or two things: drawn only where a function asks for them by name."""
OTHER_HEADERS = ("数据来源", "指标解释", "佐证材料", "指标依据", "责任科室")
"""Headers that the vocabulary does not know: what stands below is kept by them."""
UNKNOWN_LABELS = (
    "归口业务科室",
    "资金下达文号",
    "政策依据文件",
    "项目所在区域",
    "绩效管理岗位",
    "采购组织形式",
    "资产移交安排",
)
"""Labels that the vocabulary does not know: they keep their printed label as the key."""


class Synonyms:
    """The words of one form: the same meaning is printed by the same word wherever it is asked for."""

    def __init__(self, lots: Lots) -> None:
        self.lots = lots
        self._chosen: dict[tuple[str, str], str] = {}

    def _one(self, kind: str, meaning: str, options: Sequence[str]) -> str:
        key = (kind, meaning)
        if key not in self._chosen:
            usable = [word for word in options if word not in VAGUE] or list(options)
            self._chosen[key] = self._printed(self.lots.one(usable))
        return self._chosen[key]

    def _printed(self, word: str) -> str:
        """A word as forms set it: brackets of full width mostly, letters apart, or in two lines."""
        word = word if self.lots.chance(0.2) else word.replace("(", "（").replace(")", "）")
        if self.lots.chance(0.08) and len(word) <= 4:
            return self.lots.one((" ", "\u3000", "  ")).join(word)
        if self.lots.chance(0.05) and len(word) >= 4 and "（" not in word:
            return word[: len(word) // 2] + "\n" + word[len(word) // 2 :]
        return word

    def label(self, field: str) -> str:
        return self._one("label", field, WORDS.all.labels[field])

    def choice(self, group: str) -> str:
        return self._one("choice", group, WORDS.all.choices[group])

    def header(self, role: str) -> str:
        return self._one("header", role, WORDS.all.headers[role])

    def fund_column(self, role: str) -> str:
        return self._one("fund", role, WORDS.all.funds.columns[role])

    def task(self, role: str) -> str:
        return self._one("task", role, WORDS.all.tasks[role])
