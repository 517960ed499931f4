package dev.latchkey;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.ObjIntConsumer;

/**
 * Prints how many bytes the memory store takes for each session and each revoked token, at a million of them.
 *
 * <pre>
 * ./mvnw -ntp -q -pl core test-compile
 * java -Xmx3g -cp core/target/classes:core/target/test-classes dev.latchkey.MemoryFootprint
 * </pre>
 */
public final class MemoryFootprint {

    private static final int ENTRIES = 1_000_000;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private MemoryFootprint() {}

    /** Prints one line for each kind. */
    public static void main(String[] args) {
        print("session, one for each subject", (store, i) -> open(store, "user-" + i));
        print("session, ten for each subject", (store, i) -> open(store, "user-" + i / 10));
        print(
                "revoked token, one for each subject",
                (store, i) -> store.revoke(subject("user-" + i), id(), NOW.plusSeconds(900)));
        print(
                "revoked token, ten for each subject",
                (store, i) -> store.revoke(subject("user-" + i / 10), id(), NOW.plusSeconds(900)));
    }

    private static void print(String what, ObjIntConsumer<TokenStore> add) {
        TokenStore store = TokenStore.inMemory(CLOCK, ENTRIES);
        long before = used();
        for (int i = 0; i < ENTRIES; i++) {
            add.accept(store, i);
        }
        long bytes = (used() - before) / ENTRIES;
        if (store.blocks()) { // keeps it reachable while it is weighed
            throw new AssertionError();
        }
        System.out.println(bytes + " bytes for each " + what);
    }

    private static void open(TokenStore store, String subject) {
        Session session = new Session(id(), label(subject), NOW, NOW, NOW);
        TokenStore.RefreshToken first = new TokenStore.RefreshToken(id(), NOW, NOW.plusSeconds(3600));
        if (store.open(subject(subject), 0, session, first, 100).isEmpty()) {
            throw new AssertionError("nothing was opened");
        }
    }

    /** As long as a browser's, and a text of its own for each session. */
    private static String label(String subject) {
        return "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 " + subject;
    }

    private static TokenStore.Subject subject(String name) {
        return new TokenStore.Subject("notes", name);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
