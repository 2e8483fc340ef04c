// Which characters of a text are doubtful: those that another reading has otherwise, those under a seal.

const LARGEST = 4_000_000; // pairs of characters that are compared

// [from, to) of the characters of `text` that `other` does not have in their place.
export function differing(text, other) {
  let from = 0, to = text.length, end = other.length;
  while (from < to && from < end && text[from] === other[from]) from++;
  while (to > from && end > from && text[to - 1] === other[end - 1]) { to--; end--; }
  const a = text.slice(from, to), b = other.slice(from, end);
  if (!a.length) return b.length ? [[Math.max(0, from - 1), Math.min(text.length, from + 1)]] : [];
  if (a.length * b.length > LARGEST) return [[from, to]];
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const ranges = [];
  for (let i = 0, j = 0; i < a.length;) {
    if (j < b.length && a[i] === b[j]) { i++; j++; continue; }
    if (j < b.length && common[i][j + 1] >= common[i + 1][j]) { j++; continue; }
    const last = ranges[ranges.length - 1];
    if (last && last[1] === from + i) last[1]++;
    else ranges.push([from + i, from + i + 1]);
    i++;
  }
  return ranges;
}

function under(text, covered) {
  const whole = text.indexOf(covered);
  if (whole >= 0) return [[whole, whole + covered.length]];
  const ranges = [];
  let at = 0;
  for (const c of covered) {
    const place = text.indexOf(c, at);
    if (place < 0) continue;
    ranges.push([place, place + c.length]);
    at = place + c.length;
  }
  return ranges;
}

// The text in pieces, each with whether it is doubtful.
export function pieces(text, others, covered) {
  const doubtful = new Uint8Array(text.length);
  const ranges = others.flatMap((other) => differing(text, other));
  for (const [from, to] of [...ranges, ...(covered ? under(text, covered) : [])]) doubtful.fill(1, from, to);
  const made = [];
  for (let i = 0; i < text.length; i++) {
    const last = made[made.length - 1];
    if (last && last.doubtful === !!doubtful[i]) last.text += text[i];
    else made.push({ text: text[i], doubtful: !!doubtful[i] });
  }
  return made;
}
