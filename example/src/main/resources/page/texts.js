// What the page tells about answers, by their code.
export const EXPLAIN = {
  token_missing: "This route needs a token, and the request carried none. Log in first.",
  token_revoked: "The token was genuine, but its session has ended: by a logout, a changed password, or a restart of the server.",
  refresh_token_reused: "This refresh token was exchanged before. Somebody may hold a copy, so the session is over: log in again.",
  session_not_found: "That session is over already.",
  fresh_token_required: "The token is valid, but it came from a refresh or a renewal. To change a password, prove once more who you are: log in again.",
  credentials_invalid: "Unknown name or wrong password: the answer never says which, and takes the same time for both.",
  csrf_missing: "A request by cookie must repeat the CSRF value, and this one did not: another page could have sent it.",
  role_required: "You are known, but this page is for administrators: 403, not 401. Log in as admin.",
  old_password_wrong: "The old password does not fit. The session alone is not enough to change it.",
  new_password_unfit: "Nothing changed: the server checks what it is given.",
};

export const OVER = "Your session has expired, or was ended elsewhere. Log in to go on.";
export const NO_COOKIES = "The browser dropped the cookies: they need https, or Chromium or Firefox and a server on this machine.";
