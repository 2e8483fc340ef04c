// Asking the server, and telling it: what is told goes one after the other, and nobody waits for it.
import { meta, set, state } from "./state.mjs";

export async function ask(url, options) {
  try {
    const headers = { ...options?.headers, "Accept-Language": state.lang }; // what it says is said so
    const answer = await fetch(url, { ...options, headers });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch (error) {
    return { ok: false, status: 0, body: { error: String(error) } };
  }
}

let last = Promise.resolve();

// Post what `made` gives when its turn has come; `made` knows then what the posts before it were answered.
export function tell(url, made) {
  set({ pending: state.pending + 1 });
  const told = last.then(async () => {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": meta("csrf") };
    const answer = await ask(url, { method: "POST", headers, body: JSON.stringify(made()) });
    set({ pending: state.pending - 1 });
    return answer;
  });
  last = told.catch(() => {});
  return told;
}

export const quiet = () => last;

addEventListener("beforeunload", (event) => { if (state.pending) event.preventDefault(); });
