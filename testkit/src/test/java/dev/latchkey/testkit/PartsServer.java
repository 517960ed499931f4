package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Outcome;
import dev.latchkey.testkit.AdapterContract.App;
import dev.latchkey.testkit.PartsContract.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Two adapters in one application below a path; it can make one mistake. */
final class PartsServer {

    /** What it can do wrong. */
    enum Mistake {
        ASKS_THE_WHOLE_ALWAYS,
        ASKS_THE_PART_FOR_WHAT_SOUNDS_ALIKE,
        ASKS_THE_WHOLE_INSIDE_A_HANDLER,
        ANSWERS_FOR_THE_PART,
        SERVES_ENDPOINTS_AT_THE_ROOT,
        TAKES_ITS_OWN_PATH_TWICE,
        KEEPS_ITS_OWN_PATH_TO_ITSELF
    }

    private final LatchkeyHandler whole;
    private final LatchkeyHandler partners;
    private final @Nullable Mistake mistake;

    PartsServer(Latchkey whole, Latchkey partners, @Nullable Mistake mistake) {
        this.mistake = mistake;
        this.whole = adapter(whole);
        this.partners = adapter(partners);
        for (Page page : Page.values()) {
            for (LatchkeyHandler adapter : List.of(this.whole, this.partners)) {
                LatchkeyHandler inside = mistake == Mistake.ASKS_THE_WHOLE_INSIDE_A_HANDLER ? this.whole : adapter;
                adapter.route(
                        "GET",
                        page.path(),
                        page.access(),
                        (exchange, met) -> page.handle(new HttpServerExchange(inside, exchange, met)));
            }
        }
    }

    /** Knows paths below that of the application. */
    private LatchkeyHandler adapter(Latchkey auth) {
        String own = mistake == Mistake.TAKES_ITS_OWN_PATH_TWICE ? "^(/app)+" : "^/app";
        return new LatchkeyHandler(auth) {
            @Override
            String path(HttpExchange exchange) {
                return super.path(exchange).replaceFirst(own, "");
            }

            @Override
            AuthRequest request(HttpExchange exchange, @Nullable Outcome before) {
                String path = path(exchange);
                return new Breakage.Changed(super.request(exchange, before)) {
                    @Override
                    public String path() {
                        return path;
                    }

                    @Override
                    public String prefix() {
                        return mistake == Mistake.KEEPS_ITS_OWN_PATH_TO_ITSELF ? "" : "/app";
                    }
                };
            }

            @Override
            void write(HttpExchange exchange, AuthResponse response) throws IOException {
                super.write(
                        exchange,
                        mistake == Mistake.ANSWERS_FOR_THE_PART
                                ? response.withHeader("Content-Type", "application/json")
                                : response);
            }
        };
    }

    App start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService threads = Executors.newCachedThreadPool();
            server.setExecutor(Count.here(threads));
            server.createContext("/app/", exchange -> adapter(exchange).handle(exchange));
            if (mistake == Mistake.SERVES_ENDPOINTS_AT_THE_ROOT) {
                server.createContext("/auth/", exchange -> whole.handle(exchange));
            }
            server.start();
            return App.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), () -> {
                server.stop(0);
                threads.shutdownNow();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LatchkeyHandler adapter(HttpExchange exchange) {
        if (mistake == Mistake.ASKS_THE_WHOLE_ALWAYS) {
            return whole;
        }
        String part = mistake == Mistake.ASKS_THE_PART_FOR_WHAT_SOUNDS_ALIKE ? "/app/partner" : "/app/partners/";
        return exchange.getRequestURI().getPath().startsWith(part) ? partners : whole;
    }
}
