// For pages of Latchkey's cookie mode: copy this file, and use send(path, options) as you would use fetch.
// No token ever gets here. The browser keeps both in HttpOnly cookies; scripts see the CSRF value alone.

const CSRF = { cookie: "csrf_access_token", header: "X-CSRF-TOKEN" };
const REFRESH = "/auth/refresh";
// Refusals with status 401 that no refresh mends.
const FINAL = ["credentials_invalid", "fresh_token_required", "claims_rejected"];

let session = false; // as far as the last answer told
let refreshing = null;
let refreshes = 0; // that brought this tab new cookies

const csrf = () => document.cookie.split("; ").find((line) => line.startsWith(CSRF.cookie + "="))?.slice(CSRF.cookie.length + 1);

/** Whether this browser holds a session, as far as a script can tell: the server may have ended it. */
export const hasSession = () => Boolean(csrf());

async function call(path, options) {
  const headers = new Headers(options.headers);
  if (hasSession() && new URL(path, location).origin === location.origin) {
    headers.set(CSRF.header, csrf());
  }
  const answer = await fetch(path, { ...options, headers });
  if (path === REFRESH && answer.ok) {
    refreshes++;
  }
  return answer;
}

async function isRefused(answer) {
  const body = answer.status === 401 ? await answer.clone().json().catch(() => null) : null;
  return answer.status === 401 && !FINAL.includes(body?.code);
}

/** One at a time, in this tab and, where the browser has locks, across all tabs. */
function refresh() {
  const post = () => call(REFRESH, { method: "POST" });
  refreshing ??= (navigator.locks ? navigator.locks.request("latchkey", post) : post()).finally(() => (refreshing = null));
  return refreshing.then((answer) => answer.clone());
}

/** Like fetch, with the CSRF value; refreshes once and tries again, else sends the window "latchkey:expired". */
export async function send(path, options = {}) {
  session ||= hasSession();
  const before = refreshes;
  let answer = await call(path, options);
  let refused = session && (await isRefused(answer));
  if (refused && refreshes !== before) {
    answer = await call(path, options); // it went out before the new cookies came: that is no reason for newer ones
    refused = await isRefused(answer);
  }
  if (refused) {
    const refreshed = path === REFRESH ? answer : await refresh();
    if (refreshed.status >= 500) {
      return refreshed; // the session may well go on: try again later
    }
    answer = refreshed.ok ? await call(path, options) : answer;
    const over = !refreshed.ok || (await isRefused(answer));
    window.dispatchEvent(new Event(over ? "latchkey:expired" : "latchkey:refreshed"));
    session = !over;
  } else if (answer.ok) {
    session = hasSession();
  }
  return answer;
}
