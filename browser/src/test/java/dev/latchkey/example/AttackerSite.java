package dev.latchkey.example;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A web site of somebody else, and what its pages try against the user's session. */
final class AttackerSite implements AutoCloseable {

    static final String PAGE = "<!doctype html><title>Win a prize</title>";

    /** Given the target's origin and even the CSRF value; tells of each attempt what the page saw of it. */
    static final String ATTEMPTS = """
            async ([target, csrf]) => {
              const wait = (start) => new Promise(start);
              const attempts = {
                plainNote: () => post("/api/notes", "text/plain", '{"text":"attack"}'),
                formNote: () => post("/api/notes", "application/x-www-form-urlencoded", "text=attack&csrf_token=" + csrf),
                jsonNote: () => json("/api/notes", {text: "attack"}),
                xhrNote: () => wait((done) => {
                  const xhr = new XMLHttpRequest();
                  xhr.withCredentials = true;
                  xhr.onloadend = () => done(xhr.status);
                  xhr.open("POST", target + "/api/notes");
                  xhr.setRequestHeader("Content-Type", "text/plain");
                  xhr.send('{"text":"attack"}');
                }),
                beacon: () => String(navigator.sendBeacon(target + "/auth/logout")),
                refresh: () => post("/auth/refresh", "application/x-www-form-urlencoded", "csrf_token=" + csrf),
                refreshWithHeader: () => json("/auth/refresh", {}),
                endAll: () => post("/auth/sessions/end-all", "application/x-www-form-urlencoded", "csrf_token=" + csrf),
                logout: () => post("/auth/logout", "application/x-www-form-urlencoded", "csrf_token=" + csrf),
                logoutWithHeader: () => json("/auth/logout", {}),
                plainLogin: () => post("/auth/login", "text/plain", account),
                jsonLogin: () => json("/auth/login", JSON.parse(account)),
                read: () => fetch(target + "/api/me", {credentials: "include"}).then((answer) => answer.text()),
                image: () => wait((done) => {
                  const image = new Image();
                  image.onload = () => done("loaded");
                  image.onerror = () => done("refused");
                  image.src = target + "/auth/logout?" + csrf;
                }),
                socket: () => wait((done) => {
                  const socket = new WebSocket(target.replace("http", "ws") + "/api/ticker");
                  socket.onmessage = (event) => done("told " + event.data);
                  socket.onerror = () => done("refused");
                }),
              };
              const account = '{"username":"admin","password":"battery-staple","cookies":true}';
              const post = (path, type, body) => fetch(target + path,
                  {method: "POST", mode: "no-cors", credentials: "include", headers: {"Content-Type": type}, body})
                  .then((answer) => answer.type);
              const json = (path, body) => fetch(target + path, {method: "POST", credentials: "include",
                  headers: {"Content-Type": "application/json", "X-CSRF-TOKEN": csrf}, body: JSON.stringify(body)})
                  .then((answer) => answer.status);
              const seen = [];
              for (const [name, attempt] of Object.entries(attempts)) {
                seen.push(name + ": " + (await Promise.resolve().then(attempt).catch((e) => e.name)));
              }
              return seen;
            }
            """;

    /** Submits a form, which takes the page to the target. */
    static final String SUBMIT = """
            ([action, type, fields]) => {
              const form = document.createElement("form");
              Object.assign(form, {action, method: "POST", enctype: type});
              for (const [name, value] of Object.entries(fields)) {
                form.append(Object.assign(document.createElement("input"), {name, value}));
              }
              document.body.append(form);
              form.submit();
            }
            """;

    static final List<String> FORM_TYPES =
            List.of("application/x-www-form-urlencoded", "text/plain", "multipart/form-data");

    private final HttpServer server;

    AttackerSite() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
