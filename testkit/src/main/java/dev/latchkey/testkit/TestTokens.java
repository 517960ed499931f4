package dev.latchkey.testkit;

import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Tokens of every shape for the tests of an application, on a clock that stands still.
 *
 * <pre>{@code
 * TestTokens tokens = TestTokens.of("notes");
 * Latchkey auth = tokens.settings().userLoader(people::byToken).build();
 * String token = tokens.expired("alice");
 * }</pre>
 */
public final class TestTokens {

    private final String issuer;
    private final TestClock clock;
    private final JwtKey key;

    private TestTokens(String issuer, TestClock clock, JwtKey key) {
        this.issuer = issuer;
        this.clock = clock;
        this.key = key;
    }

    /** Tokens of one issuer, with a random key and a clock that stands at the moment of this call. */
    public static TestTokens of(String issuer) {
        return new TestTokens(issuer, TestClock.now(), JwtKey.generate());
    }

    /** The clock that {@link #settings} and every token go by. */
    public TestClock clock() {
        return clock;
    }

    /** A builder with issuer, key and clock set, so that the {@link Latchkey} it builds accepts these tokens. */
    public LatchkeyBuilder settings() {
        return Latchkey.builder().issuer(issuer).key(key).clock(clock);
    }

    /** A valid access token, not fresh. */
    public String access(String subject) {
        return access(subject, Grant.create());
    }

    /** A valid access token with what the grant wants different. */
    public String access(String subject, Grant grant) {
        return made(settings(), built -> built.accessToken(subject, grant));
    }

    /** A valid access token of a login that just happened. */
    public String fresh(String subject) {
        return access(subject, Grant.create().fresh(true));
    }

    /** A valid refresh token. */
    public String refresh(String subject) {
        return made(settings(), built -> built.refreshToken(subject));
    }

    /** An access token whose life ended a minute ago. */
    public String expired(String subject) {
        Instant past = clock.instant().minus(Duration.ofMinutes(16));
        LatchkeyBuilder then = settings().clock(Clock.fixed(past, clock.getZone()));
        return made(then, built -> built.accessToken(subject));
    }

    /** An access token that somebody else signed. */
    public String wrongKey(String subject) {
        return made(settings().key(JwtKey.generate()), built -> built.accessToken(subject));
    }

    /** An access token of another issuer, with the right key. */
    public String wrongIssuer(String subject) {
        return made(settings().issuer(issuer + "-other").audience(issuer), built -> built.accessToken(subject));
    }

    /** An access token for another audience. */
    public String wrongAudience(String subject) {
        return made(settings().audience(issuer + "-other"), built -> built.accessToken(subject));
    }

    private static String made(LatchkeyBuilder settings, Function<Latchkey, String> make) {
        try (Latchkey latchkey = settings.store(new NoStore()).build()) {
            return make.apply(latchkey);
        }
    }

    /** A token without a session is made, never checked, with it. */
    private static final class NoStore extends DownStore {

        @Override
        public long generation(Subject subject) {
            return 0;
        }
    }
}
