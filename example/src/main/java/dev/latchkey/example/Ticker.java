package dev.latchkey.example;

import static dev.latchkey.javalin.LatchkeyPlugin.token;

import dev.latchkey.Latchkey;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each page how many notes its person has, over a WebSocket that ends with the token that opened it. */
final class Ticker {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    /** Told to the page where the token is over, by its age or with its session. */
    private static final int TOKEN_OVER = 4401;

    private record Listener(Person person, CompletableFuture<Void> ended) {}

    private final Latchkey auth;
    private final Notes notes;
    private final Map<WsContext, Listener> listeners = new ConcurrentHashMap<>();

    Ticker(Latchkey auth, Notes notes) {
        this.auth = auth;
        this.notes = notes;
    }

    /** Its handshake is checked like any request, and refused to pages of other origins. */
    void addTo(RoutesConfig routes) {
        routes.ws("/api/ticker", socket -> {
            socket.onConnect(this::open);
            socket.onClose(this::close);
        });
    }

    private void open(WsContext ctx) {
        ctx.enableAutomaticPings();
        Person person = token(ctx).user(Person.class);
        CompletableFuture<Void> ended = auth.ended(token(ctx));
        listeners.put(ctx, new Listener(person, ended));
        CompletableFuture<Void> unused = ended.thenRun(() -> ctx.closeSession(TOKEN_OVER, "the token is over"));
        send(ctx, person);
    }

    private void close(WsContext ctx) {
        ctx.disableAutomaticPings();
        Listener gone = listeners.remove(ctx);
        if (gone != null) {
            gone.ended().cancel(false);
        }
    }

    /** To every page of this person, on this node. */
    void tell(Person person) {
        listeners.forEach((ctx, listener) -> {
            if (listener.person().name().equals(person.name())) {
                send(ctx, person);
            }
        });
    }

    private void send(WsContext ctx, Person person) {
        String count = String.valueOf(notes.of(person).size());
        try {
            ctx.send(count);
        } catch (RuntimeException e) {
            LOG.debug("a page left while it was told", e);
        }
    }
}
