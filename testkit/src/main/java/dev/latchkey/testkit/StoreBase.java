package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.TokenStore.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.opentest4j.AssertionFailedError;

/** What the clauses of the store contract share: two nodes, and the words to open sessions and look at them. */
abstract class StoreBase {

    static final Duration GRACE = Duration.ofSeconds(30);
    static final int MANY = 1000;

    /** Over for longer than {@link TokenStore#SLACK}. */
    static final Duration OVER = Duration.ofMinutes(3);

    final String issuer = "contract-" + UUID.randomUUID();
    final Subject alice = subject("alice");
    final Subject bob = subject("bob");

    /** What one node did, the other sees at once. */
    TokenStore one = new DownStore();

    TokenStore two = new DownStore();

    private final Set<TokenStore> stores = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Implemented in {@link StoreContract}, where the store's author reads what it must do. */
    protected abstract TokenStore open();

    @BeforeEach
    void openTwoNodes() {
        one = node();
        two = node();
    }

    TokenStore node() {
        TokenStore store = open();
        stores.add(store);
        return store;
    }

    @AfterEach
    void closeNodes() {
        stores.forEach(TokenStore::close);
    }

    Subject subject(String name) {
        return new Subject(issuer, name);
    }

    /** A session as it was opened, with its first refresh token. */
    record Opened(Subject subject, Session session, RefreshToken token) {

        String id() {
            return session.id();
        }

        /** The same with another refresh token to present next. */
        Opened with(RefreshToken next) {
            return new Opened(subject, session, next);
        }
    }

    /** The second that it is, as tokens are dated. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    static Instant inAnHour() {
        return now().plus(Duration.ofHours(1));
    }

    static Instant tomorrow() {
        return now().plus(Duration.ofDays(1));
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    static RefreshToken token() {
        return token(inAnHour());
    }

    static RefreshToken token(Instant expiresAt) {
        return new RefreshToken(newId(), now(), expiresAt);
    }

    static Session session() {
        return session(now());
    }

    static Session session(Instant usedAt) {
        return new Session(newId(), "Firefox", usedAt, usedAt, tomorrow());
    }

    Opened opened(Subject subject) {
        return opened(subject, session(), token());
    }

    Opened opened(Subject subject, Session session, RefreshToken token) {
        assertThat(one.open(subject, one.generation(subject), session, token, MANY))
                .as("sessions ended by a login, of %s at most", MANY)
                .contains(List.of());
        return new Opened(subject, session, token);
    }

    /** Presents the session's refresh token at this node, with a new one to take its place. */
    static Rotation rotate(TokenStore node, Opened session) {
        return node.rotate(session.subject(), session.id(), session.token().id(), token(), GRACE);
    }

    /** The session after its refresh token was exchanged. */
    Opened rotated(Opened session) {
        RefreshToken next = token();
        assertThat(one.rotate(session.subject(), session.id(), session.token().id(), next, GRACE))
                .isEqualTo(new Rotation(TokenStore.Presented.ROTATED, next));
        return session.with(next);
    }

    /** Whether a token of this session is admitted: every node and every way to ask must agree. */
    boolean isOpen(Opened session) {
        Subject subject = session.subject();
        boolean live = one.isLive(subject, newId(), session.id(), now());
        assertThat(two.isLive(subject, newId(), session.id(), now()))
                .as("open on the other node")
                .isEqualTo(live);
        assertThat(two.live(Map.of(session.id(), subject)))
                .as("open in a batch")
                .isEqualTo(live ? Set.of(session.id()) : Set.of());
        assertThat(two.sessions(subject).stream().anyMatch(listed -> listed.id().equals(session.id())))
                .as("open in the list")
                .isEqualTo(live);
        return live;
    }

    void assertOpen(Opened session) {
        assertThat(isOpen(session)).as("session is open").isTrue();
    }

    /** Nothing admits a token of this session, and nothing brings it back. */
    void assertOver(Opened session) {
        assertThat(isOpen(session)).as("session is open").isFalse();
        assertThat(isCurrent(session)).as("token is current").isFalse();
        assertThat(rotate(two, session)).isEqualTo(new Rotation(TokenStore.Presented.ENDED, null));
        assertThat(two.end(session.subject(), session.id())).as("can be ended").isFalse();
        assertThat(isOpen(session)).as("session is open again").isFalse();
    }

    /** Whether the session's refresh token is taken without being exchanged, on both nodes. */
    boolean isCurrent(Opened session) {
        boolean current =
                one.isCurrent(session.subject(), session.id(), session.token().id());
        assertThat(two.isCurrent(
                        session.subject(), session.id(), session.token().id()))
                .as("current on the other node")
                .isEqualTo(current);
        return current;
    }

    /** Whether a token without a session is admitted, on both nodes. */
    boolean isLive(Subject subject, String token, Instant issuedAt) {
        boolean live = one.isLive(subject, token, null, issuedAt);
        assertThat(two.isLive(subject, token, null, issuedAt))
                .as("live on the other node")
                .isEqualTo(live);
        return live;
    }

    static List<String> ids(List<Session> sessions) {
        return sessions.stream().map(Session::id).toList();
    }

    static Optional<List<String>> open(TokenStore node, Opened session, long generation, int most) {
        return node.open(session.subject(), generation, session.session(), session.token(), most);
    }

    /** Long enough to set a stage, before something on it ends by itself. */
    Duration aWhile() {
        return Duration.ofSeconds(2);
    }

    /** Comes back as soon as it is so, and fails after this long. */
    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new AssertionFailedError(what + ": not within " + atMost);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
