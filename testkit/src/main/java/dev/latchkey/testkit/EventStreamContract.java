package dev.latchkey.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.AuthError;
import dev.latchkey.Latchkey;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What streams of events must do that a token opened, in real time: for adapters of frameworks that have them.
 *
 * <p>The application serves {@code GET /events}, of which nothing is said: {@code text/event-stream} with the event
 * {@code data: welcome, } and the token's subject, which goes on until {@code Latchkey.ended(token)} completes.
 */
public abstract class EventStreamContract extends StreamBase {

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey auth);

    private RawHttp run() {
        return talk(start(auth), auth);
    }

    @Test
    void streamIsCheckedBeforeItStarts() {
        RawHttp http = run();

        assertRefused(http.get("/events"), AuthError.TOKEN_MISSING);
        assertRefused(http.get("/events", bearer("garbage")), AuthError.TOKEN_MALFORMED);
    }

    @Test
    void streamEndsWithItsToken() {
        RawHttp http = run();
        String brief = brief();

        RawHttp.Reply reply = http.get("/events", bearer(brief), "Accept: text/event-stream");

        assertEndedInTime(brief);
        assertThat(reply.status() + " " + reply.body()).startsWith("200 ").contains("data: welcome, alice\n\n");
        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
    }

    @Test
    void streamEndsWithItsSession() throws Exception {
        RawHttp http = run();
        String access = auth.issue("alice").accessToken();
        CompletableFuture<RawHttp.Reply> stream =
                CompletableFuture.supplyAsync(() -> http.get("/events", bearer(access), "Accept: text/event-stream"));
        assertThatThrownBy(() -> stream.get(1, SECONDS)).isInstanceOf(TimeoutException.class);

        otherNode.logout(access);
        Instant logout = Instant.now();

        assertThat(stream.get(10, SECONDS).body()).contains("data: welcome, alice\n\n");
        assertEndedSoon(logout);
    }
}
