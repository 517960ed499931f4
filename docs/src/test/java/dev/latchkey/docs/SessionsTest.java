package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthException;
import dev.latchkey.AuthListener;
import dev.latchkey.Grant;
import dev.latchkey.Latchkey;
import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.Tokens;
import dev.latchkey.VerifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs what docs/sessions.md shows. */
class SessionsTest extends TokensPage {

    @Test
    void endsSessions() {
        Latchkey auth = builder.build();
        Tokens tokens = auth.issue("7");
        VerifiedToken token = auth.verify(auth.issue("7").accessToken());
        Tokens third = auth.issue("7");
        // region end
        auth.logout(tokens.accessToken()); // this session, by either token, expired or not
        List<Session> devices = auth.sessions("7"); // the latest used first: id, label, startedAt, usedAt, endsAt
        boolean known = auth.endSession("7", devices.get(0).id()); // one of them
        int others = auth.revokeOthers(token); // all but this one: after a password change
        auth.revokeAll("7"); // all of them: after a theft
        // endregion

        assertThat(devices).hasSize(2);
        assertThat(known).isTrue();
        assertThat(others).isLessThanOrEqualTo(1);
        assertThatThrownBy(() -> auth.verify(third.accessToken())).isInstanceOf(AuthException.class);
        assertThat(auth.sessions("7")).isEmpty();
    }

    @Test
    void labelsADevice() {
        Latchkey auth = builder.build();
        String person = "ada";
        // region label
        Tokens tokens = auth.issue(person, Grant.create().label("Ada's phone").remember(false));
        // endregion

        assertThat(tokens.sessionId()).isPresent();
        assertThat(auth.sessions("ada")).singleElement().satisfies(session -> {
            assertThat(session.label()).isEqualTo("Ada's phone");
            assertThat(Duration.between(session.startedAt(), session.endsAt())).isEqualTo(Duration.ofHours(12));
        });
    }

    @Test
    void takesSettings() {
        // region settings
        builder.refreshLifetime(Duration.ofDays(14)) // unused for that long, a session is over; by default 30 days
                .sessionLifetime(Duration.ofDays(60)) // however often it is refreshed; by default 90 days
                .shortSessionLifetime(Duration.ofHours(8)) // if it is not to be remembered; by default 12 hours
                .refreshGrace(Duration.ofSeconds(10)) // 0 to 60 s; by default 30 s
                .maxSessions(20); // of one subject; a login beyond ends the longest unused; by default 100
        // endregion

        Latchkey auth = builder.build();
        assertThat(auth.issue("7").sessionId()).isPresent();
        Session session = auth.sessions("7").get(0);
        assertThat(Duration.between(session.startedAt(), session.endsAt())).isEqualTo(Duration.ofDays(60));
    }

    @Test
    void boundsTheStoreInMemory() {
        // region memory
        builder.store(TokenStore.inMemory(Clock.systemUTC(), 50_000));
        // endregion
        assertThat(builder.build().health().up()).isTrue();
    }

    @Test
    void bridgesAnOutage() {
        // region outage
        Access weather = Access.required().withSignatureAloneInOutage(Duration.ofMinutes(5));
        // endregion
        assertThat(weather.toString()).contains("PT5M");
    }

    @Test
    void endsStreams() {
        class Stream {
            private final CompletableFuture<Void> closed = new CompletableFuture<>();

            void close() {
                closed.complete(null);
            }

            void onClose(Runnable action) {
                var unused = closed.whenComplete((nothing, failure) -> action.run());
            }
        }
        Latchkey auth = builder.build();
        Tokens tokens = auth.issue("7");
        VerifiedToken token = auth.verify(tokens.accessToken());
        Stream stream = new Stream();
        // region stream
        CompletableFuture<Void> ended = auth.ended(token);
        CompletableFuture<Void> closed = ended.thenRun(stream::close);
        stream.onClose(() -> ended.cancel(false));
        // endregion

        auth.logout(tokens.accessToken());
        assertThat(closed).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void listens() {
        List<String> alarms = new ArrayList<>();
        // region listen
        builder.listener(new AuthListener() {
            @Override
            public void reuseDetected(String subject, String session) {
                alarms.add("stolen refresh token of " + subject);
            }
        });
        // endregion

        Latchkey auth = builder.build();
        String first = auth.issue("7").refreshToken().orElseThrow();
        auth.refresh(auth.refresh(first).refreshToken().orElseThrow());
        assertThatThrownBy(() -> auth.refresh(first)).isInstanceOf(AuthException.class);
        assertThat(alarms).containsExactly("stolen refresh token of 7");
    }
}
