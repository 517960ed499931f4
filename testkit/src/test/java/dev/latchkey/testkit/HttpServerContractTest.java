package dev.latchkey.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.Latchkey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class HttpServerContractTest extends AdapterContract {

    static {
        // Else each answer waits 40 ms for the client's delayed acknowledgement, and the catalogue for minutes.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    @Override
    protected App start(Latchkey auth) {
        return serve(new LatchkeyHandler(auth));
    }

    /** The contract's application around an adapter, sound or broken. */
    static App serve(LatchkeyHandler adapter) {
        adapter.group("/group", Access.fresh());
        for (Route route : Route.values()) {
            adapter.route(
                    route.method(),
                    route.path(),
                    route.access(),
                    (exchange, met) -> handle(route, new HttpServerExchange(adapter, exchange, met)));
        }
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService threads = Executors.newCachedThreadPool();
            server.setExecutor(Count.here(threads));
            server.createContext("/", exchange -> {
                exchange.getResponseHeaders().add("Set-Cookie", "seen=yes");
                if (!cors(exchange)) {
                    adapter.handle(exchange);
                }
            });
            server.start();
            return App.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), () -> {
                server.stop(0);
                threads.shutdownNow();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What frameworks bring: an answer where a handler failed. */
    private static void handle(Route route, HttpServerExchange exchange) throws IOException {
        try {
            route.handle(exchange);
        } catch (AuthException e) {
            throw e;
        } catch (RuntimeException e) {
            exchange.exchange().sendResponseHeaders(500, -1);
        }
    }

    /** What frameworks bring: headers for a known origin, and the answer to its preflight. */
    private static boolean cors(HttpExchange exchange) throws IOException {
        if (!ORIGIN.equals(exchange.getRequestHeaders().getFirst("Origin"))) {
            return false;
        }
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", ORIGIN);
        boolean preflight = exchange.getRequestMethod().equals("OPTIONS")
                && exchange.getRequestHeaders().containsKey("Access-Control-Request-Method");
        if (preflight) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }
        return preflight;
    }
}
