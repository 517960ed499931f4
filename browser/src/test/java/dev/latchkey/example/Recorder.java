package dev.latchkey.example;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.Cookie;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Keeps all that scripts of a page could read, to look for tokens in it. */
final class Recorder {

    static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.?");

    /** Before any script of the page: what fetch and XMLHttpRequest bring, and WebSockets say, is told outside. */
    private static final String HOOKS = """
            (() => {
              const tell = window.latchkeyTell;
              const fetched = window.fetch;
              window.fetch = async (...all) => {
                const answer = await fetched(...all);
                await tell("fetch", await answer.clone().text() + JSON.stringify([...answer.headers]));
                return answer;
              };
              const open = XMLHttpRequest.prototype.open;
              XMLHttpRequest.prototype.open = function (...all) {
                this.addEventListener("load", () => tell("xhr", this.responseText + this.getAllResponseHeaders()));
                return open.apply(this, all);
              };
              const Socket = window.WebSocket;
              window.WebSocket = class extends Socket {
                constructor(...all) {
                  super(...all);
                  this.addEventListener("message", (event) => tell("socket", String(event.data)));
                }
              };
            })()
            """;

    /** Names and contents of every store, the names and texts of window's own properties, and the document. */
    private static final String LOOK = """
            async () => {
              const seen = [document.cookie, document.documentElement.outerHTML, location.href, name, document.referrer];
              for (const store of [localStorage, sessionStorage]) {
                seen.push(JSON.stringify({...store}));
              }
              seen.push(JSON.stringify(await indexedDB.databases()), JSON.stringify(await caches.keys()));
              seen.push(JSON.stringify(history.state), JSON.stringify(await cookieStore.getAll()));
              seen.push(JSON.stringify(performance.getEntries()));
              for (const input of document.querySelectorAll("input")) {
                seen.push(input.value);
              }
              for (const property of Object.getOwnPropertyNames(window)) {
                const value = window[property];
                seen.push(property, typeof value === "string" || typeof value === "function" ? String(value) : "");
              }
              const module = await import("/latchkey.js");
              seen.push(...Object.entries(module).map(String));
              return seen;
            }
            """;

    private final BrowserContext context;
    private final List<Response> unread = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    Recorder(BrowserContext context) {
        this.context = context;
        context.exposeBinding("latchkeyTell", (source, told) -> {
            kinds.add(String.valueOf(told[0]));
            seen.add(String.valueOf(told[1]));
            return null;
        });
        context.addInitScript(HOOKS);
        context.onResponse(unread::add);
    }

    /** Reads what there is now: before a page leaves, its answers must be read. */
    void look(Page page) {
        page.waitForLoadState();
        for (Response response : List.copyOf(unread)) {
            try {
                kinds.add("response");
                seen.add(response.text());
            } catch (PlaywrightException e) {
                kinds.add("without body"); // 101, 204, or a redirect
            }
        }
        unread.clear();
        for (Object text : (List<?>) page.evaluate(LOOK)) {
            seen.add(String.valueOf(text));
        }
        for (Cookie cookie : context.cookies()) {
            if (cookie.httpOnly) {
                secrets.add(cookie.value);
            }
        }
    }

    /** Where answers were seen: {@code fetch}, {@code socket}, {@code response}. */
    List<String> kinds() {
        return kinds;
    }

    /** The values of HttpOnly cookies that there have been. */
    Set<String> secrets() {
        return secrets;
    }

    /** Each text that holds a token, or the value of a cookie that scripts must not see. */
    List<String> leaks() {
        return seen.stream()
                .filter(text -> TOKEN.matcher(text).find() || secrets.stream().anyMatch(text::contains))
                .toList();
    }

    List<String> seen() {
        return seen;
    }
}
