import { hasSession, send } from "./latchkey.js";
import { EXPLAIN, NO_COOKIES, OVER } from "./texts.js";

// What the server told of the session. No token is here, nor anywhere else that a script can reach.
let name = "";
let expiresAt = 0;
let lifetime = 0;
let ticker = null;

const $ = (id) => document.getElementById(id);

/** Sends one request, shows it and its answer, and returns status and JSON. */
async function exchange(method, path, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  let request = `${method} ${path} HTTP/1.1`;
  if (body) {
    request += "\nContent-Type: application/json";
  }
  if (hasSession()) {
    request += "\nX-CSRF-TOKEN: the value of the cookie csrf_access_token\nCookie: added by the browser";
  }
  if (body) {
    request += "\n\n" + JSON.stringify(body, shown, 2);
  }
  $("request").textContent = request;
  $("response").textContent = "…";
  $("status").textContent = "";
  $("explain").textContent = "";

  let response;
  try {
    response = await send(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    $("response").textContent = "No answer: is the server running?";
    return { status: 0, json: null };
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // Shown as it came.
  }
  show(method, path, response, json, text);
  if (response.ok && name && hasSession() && expiresAt - Date.now() < lifetime / 2) {
    await whoami(); // the cookie may have been renewed
  }
  return { status: response.status, json };
}

function shown(key, value) {
  return /password/.test(key) ? "••••••••" : value;
}

function show(method, path, response, json, text) {
  let answer = `HTTP/1.1 ${response.status}`;
  for (const name of ["content-type", "www-authenticate", "retry-after", "cache-control"]) {
    if (response.headers.get(name)) {
      answer += `\n${name}: ${response.headers.get(name)}`;
    }
  }
  $("response").textContent = answer + (json ? "\n\n" + JSON.stringify(json, shown, 2) : text ? "\n\n" + text : "");
  $("status").textContent = response.status;
  $("status").className = "badge " + (response.ok ? "good" : "bad");
  $("explain").textContent = EXPLAIN[json?.code] ?? "";
  note(`${method} ${path} → ${response.status}${json?.code ? " " + json.code : ""}`);
}

function note(line) {
  const entry = document.createElement("li");
  entry.textContent = line;
  $("history").prepend(entry);
  $("last").textContent = line;
  $("last").hidden = false;
  while ($("history").children.length > 8) {
    $("history").lastElementChild.remove();
  }
}

/** Asks the server who is logged in here, unseen: no script can look into the cookie. */
async function whoami() {
  const answer = await send("/api/me", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    showSession(await answer.json());
  }
  return Boolean(answer?.ok);
}

function showSession(me) {
  const end = Date.parse(me.expires_at);
  if (end !== expiresAt) {
    lifetime = end - Date.now();
  }
  if (me.name !== name) {
    forget(); // another tab may have logged in as somebody else
  }
  name = me.name;
  expiresAt = end;
  $("name").textContent = $("owner").value = name;
  $("role").textContent = me.role;
  $("fresh").textContent = me.fresh ? "fresh" : "not fresh";
  $("fresh").className = "badge " + (me.fresh ? "good" : "bad");
  $("session").hidden = false;
  $("login").hidden = true;
  $("notice").hidden = true;
  tick();
  watch();
}

function forget() {
  name = "";
  ticker?.close();
  ticker = null;
  $("notes").replaceChildren();
  $("devices").replaceChildren();
  $("count").textContent = "";
  $("session").hidden = true;
  $("login").hidden = false;
}

function askToLogIn(why) {
  forget();
  $("notice").textContent = why;
  $("notice").hidden = false;
  $("login").elements.username.focus();
}

function tick() {
  const seconds = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
  const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
  $("life").textContent = seconds ? `${minutes}:${String(seconds % 60).padStart(2, "0")} left` : "over, the next request refreshes it";
  $("left").style.transform = `scaleX(${Math.min(1, (seconds * 1000) / lifetime)})`;
}

/** Hears how many notes there are, until the token of the handshake is over; the next answer opens another. */
function watch() {
  if (ticker) {
    return;
  }
  const socket = (ticker = new WebSocket(location.origin.replace(/^http/, "ws") + "/api/ticker"));
  socket.addEventListener("message", (event) => {
    if (ticker === socket) {
      $("count").textContent = event.data;
    }
  });
  socket.addEventListener("close", () => {
    if (ticker === socket) {
      ticker = null;
      $("count").textContent = "";
    }
  });
}

async function listNotes() {
  const { status, json } = await exchange("GET", "/api/notes");
  if (status === 200) {
    $("notes").replaceChildren(...json.map(noteItem));
  }
}

function noteItem(note) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const remove = document.createElement("button");
  text.textContent = note.text;
  remove.textContent = "Delete";
  remove.setAttribute("aria-label", "Delete note: " + note.text);
  remove.addEventListener("click", async () => {
    const { status } = await exchange("DELETE", "/api/notes/" + note.id);
    if (status === 204 || status === 404) {
      item.remove();
    }
  });
  item.append(text, remove);
  return item;
}

async function listDevices() {
  const { status, json } = await exchange("GET", "/auth/sessions");
  if (status === 200) {
    $("devices").replaceChildren(...json.sessions.map(deviceItem));
  }
}

/** "Firefox on Windows" is enough to know a device by; the whole User-Agent is shown beside the request. */
function deviceName(label) {
  const named = (names) => names.find(([pattern]) => pattern.test(label))?.[1];
  const browser = named([[/Edg/, "Edge"], [/Firefox|FxiOS/, "Firefox"], [/Chrome|CriOS/, "Chrome"], [/Safari/, "Safari"]]);
  const system = named([[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS/, "Mac"], [/Linux/, "Linux"]]);
  return [browser, system].filter(Boolean).join(" on ") || label || "unnamed";
}

function deviceItem(session) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const used = document.createElement("small");
  const end = document.createElement("button");
  const time = (seconds, style) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", ...style });
  const name = deviceName(session.label);
  text.textContent = name + " ";
  text.title = session.label;
  if (session.current) {
    const badge = document.createElement("span");
    badge.className = "badge good";
    badge.textContent = "this one";
    text.append(badge);
  }
  used.textContent = `used ${time(session.used_at, { timeStyle: "short" })}, ends by ${time(session.ends_at)}`;
  text.append(used);
  end.textContent = "End";
  end.setAttribute("aria-label", `End session: ${name}, ${used.textContent}`);
  end.addEventListener("click", async () => {
    const { status } = await exchange("POST", "/auth/sessions/end", { id: session.id });
    if (status === 204 && session.current) {
      forget();
    } else if (status === 204 || status === 404) {
      item.remove();
    }
  });
  item.append(text, end);
  return item;
}

const ACTIONS = {
  hello: () => exchange("GET", "/api/hello"),
  async me() {
    const { status, json } = await exchange("GET", "/api/me");
    if (status === 200) {
      showSession(json);
    }
    return status;
  },
  people: () => exchange("GET", "/admin/people"),
  health: () => exchange("GET", "/health"),
  notes: listNotes,
  devices: listDevices,
  async endOthers() {
    const { status } = await exchange("POST", "/auth/sessions/end-others");
    if (status === 204) {
      await listDevices();
    }
  },
  async endAll() {
    const { status } = await exchange("POST", "/auth/sessions/end-all");
    if (status === 204) {
      forget();
      $("explain").textContent = "Every session of yours is over, on every device, and so is this one.";
    }
  },
  async refresh() {
    const { status } = await exchange("POST", "/auth/refresh");
    if (status === 200 && (await whoami())) {
      $("explain").textContent = "New tokens of the same session, in the cookies; the refresh token before works no more. The access token is not fresh: try to change the password with it.";
    }
  },
  again() {
    const { username, password } = $("login").elements;
    $("login").hidden = false;
    username.value = $("owner").value;
    password.focus();
  },
  async logout() {
    const { status } = await exchange("POST", "/auth/logout");
    if (status === 204) {
      forget();
      $("explain").textContent = "The session is over on the server, too: its tokens are refused from now on, and the cookies are gone.";
    }
  },
};

function onSubmit(id, handle) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    handle(Object.fromEntries(new FormData(event.target)), event.target);
  });
}

onSubmit("login", async (fields, form) => {
  const { username, password } = fields;
  const { status } = await exchange("POST", "/auth/login", { username, password, remember: "remember" in fields, cookies: true });
  if (status !== 200) {
    return;
  }
  form.reset();
  $("notes").replaceChildren();
  if (await whoami()) {
    document.querySelector("[data-do=me]").focus();
  } else {
    askToLogIn(NO_COOKIES);
  }
});

onSubmit("add", async (body, form) => {
  const { status, json } = await exchange("POST", "/api/notes", body);
  if (status === 201) {
    form.reset();
    $("notes").prepend(noteItem(json));
  }
});

onSubmit("password", async (body, form) => {
  const { status } = await exchange("POST", "/api/password", body);
  if (status === 200) {
    form.reset();
    await whoami();
    $("explain").textContent = "Changed. All older tokens are revoked, here and elsewhere; this page has new ones, and they are fresh.";
  }
});

window.addEventListener("latchkey:expired", () => askToLogIn(OVER));
window.addEventListener("latchkey:refreshed", () => note("POST /auth/refresh → 200, by latchkey.js, and the request again"));

document.addEventListener("visibilitychange", () => {
  if (name && document.visibilityState === "visible") {
    whoami(); // another tab may have logged out, or in as somebody else
  }
});

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => ACTIONS[button.dataset.do]());
}

for (const button of document.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", () => {
    const [username, password] = button.dataset.fill.split(" ");
    $("login").elements.username.value = username;
    $("login").elements.password.value = password;
    $("login").querySelector(".primary").focus();
  });
}

setInterval(() => name && tick(), 1000);

// Back after a reload, or in another tab: the cookies are still there, the rest the server knows.
if (hasSession()) {
  $("login").hidden = true;
  if ((await ACTIONS.me()) !== 200) {
    $("login").hidden = false;
  }
}
