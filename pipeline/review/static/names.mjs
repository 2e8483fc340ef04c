// What values are called, as the catalogue has it.
import { NAMES } from "./texts.mjs";
import { keysOf, state } from "./state.mjs";

// The word of a group (kind, reader, rule, …) in the language of the page.
export const word = (group, key) => NAMES[state.lang][group]?.[key] ?? key;

const PARTS = { targets: "target", weights: "weight", history: "history", amounts: "amount", other: "other", choices: "choices" };

// A key of a record: a column of the table of indicators, a field, a column of money.
export function cellName(keys) {
  const [key, part] = keys;
  if (!part) return word("column", key);
  const whole = keys.join(".");
  const parted = word("column", whole);
  if (parted !== whole) return parted;
  const known = word("column", `${part}_${PARTS[key] ?? key}`);
  if (known !== `${part}_${PARTS[key] ?? key}`) return known;
  return part === "full_year" ? word("column", PARTS[key] ?? key) : part;
}

export const columnName = (role) => cellName(role.split("."));
export const moneyColumn = (column) => word("fund_column", column).replace(/^other:/, "");

// What a value says where it is a word of ours, not of the filing.
export function said(v, text) {
  const last = keysOf(v.pointer).at(-1);
  if (v.pointer === "/kind") return word("kind", text);
  if (v.line && last === "side") return word("side", text);
  if (v.line && last === "column") return moneyColumn(text);
  return v.pointer === "/columns" && Array.isArray(text) ? text.map(columnName) : text;
}

export function label(v) {
  const keys = keysOf(v.pointer);
  if (v.line) return `${v.line.path.join(" › ")} · ${moneyColumn(v.line.column)}${keys[2] === "amount" ? "" : " · " + cellName(keys.slice(2))}`;
  if (keys.length === 1) return word("column", keys[0]);
  const own = keys[0] === "indicators" || keys[0] === "tasks";
  return own ? `${Number(keys[1]) + 1} · ${cellName(keys.slice(2))}` : cellName(keys.slice(1));
}
