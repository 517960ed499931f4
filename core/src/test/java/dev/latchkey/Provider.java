package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An identity provider, an application that trusts it, and what that is told of its keys. */
final class Provider implements AutoCloseable {

    static final JwtKey KEY = JwtKey.generate("EdDSA").withId("theirs");
    static final String NAME = "https://id.example.com";
    private static final String TOKEN = token(KEY);

    final StandingClock clock = new StandingClock();
    final KeyHost host = new KeyHost().publishes(KEY);
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    KeySet keys() {
        return KeySet.remote(host.jwks());
    }

    /** Trusts it, and has read its keys once. */
    Latchkey trusting() throws InterruptedException {
        Latchkey auth = trusting(keys());
        assertThat(next()).isEqualTo("changed [theirs]");
        return auth;
    }

    /** Trusts it by these keys, which may not be read yet. */
    Latchkey trusting(KeySet keys) {
        return Forge.latchkey(clock)
                .listener(new AuthListener() {
                    @Override
                    public void keysChanged(String which, List<String> ids) {
                        told.add("changed " + ids);
                    }

                    @Override
                    public void keysFailed(String which, String why) {
                        told.add("failed " + why);
                    }
                })
                .trust(Issuer.of(NAME)
                        .audience("notes-api")
                        .accessTokenType("at+jwt")
                        .keys(keys))
                .build();
    }

    /** What comes next of what it is told. */
    String next() throws InterruptedException {
        String event = told.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    /** Lets time pass and requests with the known key come in, which all pass, until something is told. */
    String nextAfter(Duration time, Latchkey auth) throws InterruptedException {
        clock.advance(time);
        for (int i = 0; i < 2_000; i++) {
            assertThat(passes(auth)).isTrue();
            String event = told.poll(10, TimeUnit.MILLISECONDS);
            if (event != null) {
                return event;
            }
        }
        throw new AssertionError("nothing was told");
    }

    boolean passes(Latchkey auth) {
        return auth.verify(TOKEN).subject().equals("alice");
    }

    /** A token that this key signs and names. */
    static String token(JwtKey key) {
        return token(key.id().orElseThrow(), key);
    }

    /** A token that names one key and is signed by another. */
    static String token(String kid, JwtKey key) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm());
        header.put("typ", "at+jwt");
        header.put("kid", kid);
        return token(header, key);
    }

    static String token(Map<String, Object> header, JwtKey key) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", NAME);
        claims.put("sub", "alice");
        claims.put("aud", "notes-api");
        claims.put("iat", Forge.NOW);
        claims.put("exp", Forge.NOW + 1_000_000);
        return KeyHost.signed(key, Json.write(header), Json.write(claims));
    }

    @Override
    public void close() {
        host.close();
    }
}
