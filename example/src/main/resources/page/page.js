"use strict";

// The tokens live here and nowhere else: a script that gets in later finds no store to read them from.
let accessToken = null;
let refreshToken = null;
let expiresAt = 0;
let lifetime = 0;

const $ = (id) => document.getElementById(id);

const EXPLAIN = {
  token_missing: "This route needs a token, and the request carried none. Log in first.",
  token_expired: "The access token's life is over. Refresh: that is what the refresh token is for.",
  token_revoked: "The token was genuine, but its session has ended: by a logout, a changed password, or a restart of the server.",
  refresh_token_reused: "This refresh token was exchanged before. Somebody may hold a copy, so the session is over: log in again.",
  session_not_found: "That session is over already.",
  fresh_token_required: "The token is valid, but it came from a refresh. To change a password, prove once more who you are: log in again.",
  credentials_invalid: "Unknown name or wrong password: the answer never says which, and takes the same time for both.",
  role_required: "You are known, but this page is for administrators: 403, not 401. Log in as admin.",
  old_password_wrong: "The old password does not fit. The token alone is not enough to change it.",
  new_password_unfit: "Nothing changed: the server checks what it is given.",
};

function shortened(token) {
  return token.slice(0, 12) + "…" + token.slice(-6);
}

/** What is shown of a value: tokens shortened, passwords not at all. */
function shown(key, value) {
  if (/password/.test(key)) {
    return "••••••••";
  }
  return /_token$/.test(key) ? shortened(value) : value;
}

/** Sends one request, shows it and its answer, and returns status and JSON. */
async function send(method, path, { token = accessToken, body } = {}) {
  const headers = {};
  if (token) {
    headers.Authorization = "Bearer " + token;
  }
  if (body) {
    headers["Content-Type"] = "application/json";
  }
  let request = `${method} ${path} HTTP/1.1`;
  for (const [name, value] of Object.entries(headers)) {
    request += `\n${name}: ${name === "Authorization" ? "Bearer " + shortened(token) : value}`;
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
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
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
  return { status: response.status, json };
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
  const entry = document.createElement("li");
  entry.textContent = `${method} ${path} → ${response.status}${json?.code ? " " + json.code : ""}`;
  $("history").prepend(entry);
  $("last").textContent = entry.textContent;
  $("last").hidden = false;
  while ($("history").children.length > 8) {
    $("history").lastElementChild.remove();
  }
}

/** Keeps the tokens of a login, a refresh or a changed password. */
function keep(tokens) {
  accessToken = tokens.access_token;
  refreshToken = tokens.refresh_token ?? refreshToken;
  lifetime = tokens.expires_in;
  expiresAt = performance.now() + lifetime * 1000;
}

function forget() {
  accessToken = refreshToken = null;
  $("notes").replaceChildren();
  $("devices").replaceChildren();
  $("session").hidden = true;
  $("login").hidden = false;
}

/** What a token says is for showing only: the server alone decides what it is worth. */
function showSession() {
  const bytes = Uint8Array.from(atob(accessToken.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  $("name").textContent = claims.sub;
  $("role").textContent = claims.role;
  $("fresh").textContent = claims.fresh ? "fresh" : "not fresh";
  $("fresh").className = "badge " + (claims.fresh ? "good" : "bad");
  $("owner").value = claims.sub;
  $("session").hidden = false;
  $("login").hidden = true;
  tick();
}

function tick() {
  if (!accessToken) {
    return;
  }
  const seconds = Math.max(0, Math.ceil((expiresAt - performance.now()) / 1000));
  const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
  $("life").textContent = seconds ? `${minutes}:${String(seconds % 60).padStart(2, "0")} left` : "expired, refresh it";
  $("left").style.transform = `scaleX(${Math.min(1, seconds / lifetime)})`;
}

async function listNotes() {
  const { status, json } = await send("GET", "/api/notes");
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
    const { status } = await send("DELETE", "/api/notes/" + note.id);
    if (status === 204 || status === 404) {
      item.remove();
    }
  });
  item.append(text, remove);
  return item;
}

async function listDevices() {
  const { status, json } = await send("GET", "/auth/sessions");
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
    const { status } = await send("POST", "/auth/sessions/end", { body: { id: session.id } });
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
  hello: () => send("GET", "/api/hello"),
  me: () => send("GET", "/api/me"),
  people: () => send("GET", "/admin/people"),
  health: () => send("GET", "/health", { token: null }),
  notes: listNotes,
  devices: listDevices,
  async endOthers() {
    const { status } = await send("POST", "/auth/sessions/end-others");
    if (status === 204) {
      await listDevices();
    }
  },
  async endAll() {
    const { status } = await send("POST", "/auth/sessions/end-all");
    if (status === 204) {
      forget();
      $("explain").textContent = "Every session of yours is over, on every device, and so is this one.";
    }
  },
  async refresh() {
    const { status, json } = await send("POST", "/auth/refresh", { token: refreshToken });
    if (status === 200) {
      keep(json);
      showSession();
      $("explain").textContent = "New tokens of the same session; the refresh token before works no more. The access token is not fresh: try to change the password with it.";
    } else if (status === 401) {
      forget();
    }
  },
  again() {
    const { username, password } = $("login").elements;
    $("login").hidden = false;
    username.value = $("owner").value;
    password.focus();
  },
  async logout() {
    const { status } = await send("POST", "/auth/logout");
    if (status === 204) {
      forget();
      $("explain").textContent = "The session is over on the server, too: its access and refresh tokens are refused from now on.";
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
  const body = { username: fields.username, password: fields.password, remember: "remember" in fields };
  const { status, json } = await send("POST", "/auth/login", { token: null, body });
  if (status === 200) {
    form.reset();
    $("notes").replaceChildren();
    keep(json);
    showSession();
    document.querySelector("[data-do=me]").focus();
  }
});

onSubmit("add", async (body, form) => {
  const { status, json } = await send("POST", "/api/notes", { body });
  if (status === 201) {
    form.reset();
    $("notes").prepend(noteItem(json));
  }
});

onSubmit("password", async (body, form) => {
  const { status, json } = await send("POST", "/api/password", { body });
  if (status === 200) {
    form.reset();
    keep(json);
    showSession();
    $("explain").textContent = "Changed. All older tokens are revoked, here and elsewhere; these are new, and fresh.";
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

setInterval(tick, 1000);
