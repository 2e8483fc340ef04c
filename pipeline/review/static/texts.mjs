// The labels of the page. What a filing prints is never translated.
export const TEXTS = {
  zh: {
    queue: "复核队列", form: "本表", wholeForm: "复核整张表", backToQueue: "回到队列", who: "复核人", zoom: "缩放", fit: "适合",
    accept: "正确", correct: "更正", unreadable: "无法辨认", wrong: "原件有误", back: "上一个", next: "下一个",
    current: "当前值", reading: "读取值", readings: "其他读法", score: "置信度", covered: "印章遮盖", findings: "疑点", risk: "风险",
    raw: "原文", blank: "空白", rows: "行", looks: "复核记录", done: "队列已完成", empty: "没有待复核的值", reload: "再取一批",
    save: "回车保存，Esc 取消；留空表示空白", why: "说明（可选）", stale: "文件已重新读取，读取值与更正时不同，请重新确认",
    random: "随机抽查", sample: "抽样", missing: "找不到原件，仍可复核", noPage: "此值没有位置信息", confirm: "在此期间已有人复核", waiting: "正在加载页面，请稍候",
    confirmAsk: "按回车仍按您的判断保存，按 Esc 放弃", fields: "字段", choices: "选项", tasks: "任务", funds: "资金", indicators: "指标",
    head: "表头", line: "行", page: "页", sheet: "工作表", column: "列", row: "行", accepted: "正确", corrected: "已更正", wrong_at_source: "原件有误", holds: "有效", settled: "读取已一致",
    nothing: "没有疑点", none: "无", typing: "输入更正值", changed: "文件已被重新读取，已刷新", list: "每行一项",
  },
  en: {
    queue: "Queue", form: "This form", wholeForm: "Review the whole form", backToQueue: "Back to the queue", who: "Reviewer",
    zoom: "Zoom", fit: "Fit", accept: "Accept", correct: "Correct", unreadable: "Unreadable", wrong: "Wrong at source", back: "Back",
    next: "Next", current: "Value", reading: "As read", readings: "Other readings", score: "Score", covered: "Under a seal",
    findings: "Findings", risk: "Risk", raw: "As printed", blank: "blank", rows: "rows", looks: "Looks", done: "The queue is done",
    empty: "No values to look at", reload: "Fetch more", save: "Enter saves, Esc cancels; empty means blank", why: "Remark (optional)",
    stale: "The file was read again and reads differently since this correction: look again", random: "random check", sample: "sample",
    missing: "The original is not found; the record can still be reviewed", noPage: "Nothing is known of where this value stands",
    confirm: "Somebody looked in between", waiting: "The page is being loaded", confirmAsk: "Enter saves your verdict all the same, Esc drops it", fields: "Fields",
    choices: "Options", tasks: "Tasks", funds: "Money", indicators: "Indicators", head: "Form", line: "line", page: "page", sheet: "sheet", column: "column", row: "row",
    accepted: "accepted", corrected: "corrected", wrong_at_source: "wrong at source", holds: "holds", settled: "now read so",
    nothing: "No findings", none: "none", typing: "Type the correction", changed: "The file was read again; reloaded", list: "one a line",
  },
};
