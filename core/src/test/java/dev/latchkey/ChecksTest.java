package dev.latchkey;

import static dev.latchkey.AuthError.CLAIMS_REJECTED;
import static dev.latchkey.AuthError.FRESH_TOKEN_REQUIRED;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.TOKEN_TYPE_INVALID;
import static dev.latchkey.AuthError.UNAVAILABLE;
import static dev.latchkey.AuthError.USER_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of the checks, and what becomes of hooks that misbehave. */
class ChecksTest {

    private final StandingClock clock = new StandingClock();
    private final List<String> asked = new ArrayList<>();
    private final Latchkey auth = Forge.latchkey(clock)
            .store(new Recorder(null))
            .revokedWhen(claims -> note("revokedWhen", claims.isTrue("revoked")))
            .claimsCheck(claims -> note("claimsCheck", !claims.isTrue("rejected")))
            .userLoader(claims ->
                    note("userLoader", Optional.of("user " + claims.subject())).filter(user -> !claims.isTrue("gone")))
            .build();

    private <T> T note(String hook, T answer) {
        asked.add(hook);
        return answer;
    }

    /** Says of the token in a session that it is over. */
    private final class Recorder extends NotingStore {

        Recorder(Exception broken) {
            super(clock);
            this.broken = broken;
        }

        @Override
        public boolean isLive(Subject subject, String token, String session, Instant issuedAt) {
            boolean live = super.isLive(subject, token, session, issuedAt);
            return note("store", live);
        }
    }

    @Test
    void asksStoreThenRevocationThenClaimsThenUser() {
        assertThat(auth.verify(Forge.good()).user(String.class)).isEqualTo("user alice");
        assertThat(asked).containsExactly("store", "revokedWhen", "claimsCheck", "userLoader");
    }

    @Test
    void asksNobodyAboutATokenThatIsNotGenuine() {
        for (String token :
                List.of("x", Forge.good() + "A", Forge.withClaim("aud", "1"), Forge.withClaim("exp", "1"))) {
            assertThatThrownBy(() -> auth.verify(token)).isInstanceOf(AuthException.class);
        }
        Refusal.expect(TOKEN_TYPE_INVALID, () -> auth.verify(Forge.withClaim("type", "\"refresh\"")));
        assertThat(asked).isEmpty();
    }

    @Test
    void stopsAtTheFirstRefusal() {
        Refusal.expect(TOKEN_REVOKED, "Token has been revoked", () -> auth.verify(Forge.withClaim("sid", "\"over\"")));
        assertThat(asked).containsExactly("store");
        asked.clear();
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(Forge.withClaim("revoked", "true"), Access.fresh()));
        assertThat(asked).containsExactly("store", "revokedWhen");
        asked.clear();
        Refusal.expect(FRESH_TOKEN_REQUIRED, () -> auth.verify(Forge.withClaim("rejected", "true"), Access.fresh()));
        assertThat(asked).containsExactly("store", "revokedWhen");
        asked.clear();
        Refusal.expect(
                CLAIMS_REJECTED,
                "User claims verification failed",
                () -> auth.verify(Forge.withClaim("rejected", "true")));
        assertThat(asked).containsExactly("store", "revokedWhen", "claimsCheck");
    }

    @Test
    void refusesAUserWhoIsGone() {
        String token = Forge.withClaim("gone", "true");
        AuthException refusal = Refusal.expect(USER_NOT_FOUND, () -> auth.verify(token));
        assertThat(refusal).hasMessage("Error loading the user");
        assertThat(refusal.claims().map(Claims::subject)).hasValue("alice");
        assertThat(auth.verify(token, Access.required().withoutUser()).subject())
                .isEqualTo("alice");
    }

    @Test
    void skipsWhatTheRouteDoesWithout() {
        String token = Forge.withClaim("sid", "\"over\"");
        Access access = Access.required().withoutRevocationCheck();
        assertThat(auth.verify(token, access).subject()).isEqualTo("alice");
        assertThat(asked).containsExactly("claimsCheck", "userLoader");
        asked.clear();
        assertThatThrownBy(() -> auth.verify(Forge.good(), Access.required().withoutUser())
                        .user(String.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no user was loaded");
        assertThat(asked).containsExactly("store", "revokedWhen", "claimsCheck");
    }

    @Test
    void checksEveryTypeOfToken() {
        Refusal.expect(CLAIMS_REJECTED, () -> auth.verify(refreshWith("rejected", "true"), Access.refresh()));
        Refusal.expect(TOKEN_REVOKED, () -> auth.verify(refreshWith("sid", "\"over\""), Access.refresh()));
        Refusal.expect(USER_NOT_FOUND, () -> auth.refresh(refreshWith("gone", "true")));
    }

    private static String refreshWith(String name, String value) {
        Map<String, String> claims = Forge.claims();
        claims.put("type", "\"refresh\"");
        claims.put(name, value);
        return Forge.token(Forge.HEADER, Forge.payload(claims));
    }

    @ParameterizedTest
    @ValueSource(strings = {"store", "revokedWhen", "claimsCheck", "userLoader"})
    void aHookThatThrowsRefuses(String name) {
        Latchkey broken = broken(name, new IllegalStateException("database down"));
        AuthException refusal = Refusal.expect(UNAVAILABLE, () -> broken.verify(Forge.good()));
        assertThat(refusal).hasMessage("Authentication is unavailable, try again later");
        assertThat(refusal.getCause()).hasMessage(name + " failed").hasRootCauseMessage("database down");
        for (Access access : List.of(Access.required(), Access.optional(), Access.anyType())) {
            Outcome outcome = broken.check(Request.bearer(Forge.good()), access);
            assertThat(outcome.admitted()).isFalse();
            assertThat(outcome.response().orElseThrow().status()).isEqualTo(503);
        }
    }

    /** Kotlin, Groovy and Lombok throw checked exceptions that no signature announces. */
    @ParameterizedTest
    @ValueSource(strings = {"store", "revokedWhen", "claimsCheck", "userLoader"})
    void aHookThatThrowsACheckedExceptionRefuses(String name) {
        Latchkey broken = broken(name, new IOException("connection reset"));
        assertThat(broken.check(Request.bearer(Forge.good()), Access.required())
                        .response()
                        .orElseThrow()
                        .status())
                .isEqualTo(503);
    }

    private Latchkey broken(String hook, Exception thrown) {
        Map<String, UnaryOperator<LatchkeyBuilder>> settings = Map.of(
                "store", b -> b.store(new Recorder(thrown)),
                "revokedWhen",
                        b -> b.revokedWhen(claims -> {
                            throw ChecksTest.<RuntimeException>sneaky(thrown);
                        }),
                "claimsCheck",
                        b -> b.claimsCheck(claims -> {
                            throw ChecksTest.<RuntimeException>sneaky(thrown);
                        }),
                "userLoader",
                        b -> b.userLoader(claims -> {
                            throw ChecksTest.<RuntimeException>sneaky(thrown);
                        }));
        return settings.get(hook).apply(Forge.latchkey(clock)).build();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E sneaky(Exception thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void aUserLoaderThatReturnsNullRefuses() {
        Latchkey broken = Forge.latchkey(clock).userLoader(claims -> null).build();
        AuthException refusal = Refusal.expect(UNAVAILABLE, () -> broken.verify(Forge.good()));
        assertThat(refusal.getCause()).hasMessage("userLoader returned null");
    }

    /** A hook may refuse in its own words, yet a missing token it makes up does not open an optional route. */
    @Test
    void aRefusalByAHookIsKept() {
        Latchkey picky = Forge.latchkey(clock)
                .claimsCheck(claims -> {
                    throw AuthException.of(AuthError.TOKEN_MISSING);
                })
                .build();
        Outcome outcome = picky.check(Request.bearer(Forge.good()), Access.optional());
        assertThat(outcome.admitted()).isFalse();
        assertThat(outcome.refusal().orElseThrow().error()).isEqualTo(AuthError.TOKEN_MISSING);
    }

    @Test
    void anOpenRouteLooksAtNoToken() {
        Outcome outcome = auth.check(Request.bearer("garbage"), Access.open());
        assertThat(outcome.admitted()).isTrue();
        assertThat(outcome.token()).isEmpty();
        assertThat(asked).isEmpty();
        assertThatThrownBy(() -> auth.verify(Forge.good(), Access.open())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOptionalRouteAdmitsNoTokenButNoBadOne() {
        assertThat(auth.check(Request.get("/x"), Access.optional()).token()).isEmpty();
        assertThat(auth.check(Request.get("/x"), Access.optional()).admitted()).isTrue();
        assertThat(auth.check(Request.get("/x"), Access.optional()).headers())
                .containsEntry("Vary", List.of("Authorization"));
        assertThat(auth.check(Request.bearer(Forge.good()), Access.optional())
                        .token()
                        .orElseThrow()
                        .subject())
                .isEqualTo("alice");
        assertThat(auth.check(Request.bearer("garbage"), Access.optional()).admitted())
                .isFalse();
        assertThat(auth.check(Request.bearer(Forge.withClaim("exp", "1")), Access.optional())
                        .admitted())
                .isFalse();
    }

    @Test
    void onlyAPreflightIsExempt() {
        Request preflight = Request.get("/x")
                .method("OPTIONS")
                .header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "PUT");
        assertThat(auth.check(preflight, Access.required()).admitted()).isTrue();
        assertThat(auth.check(preflight.method("GET"), Access.required()).admitted())
                .isFalse();
        assertThat(auth.check(preflight.method("options"), Access.required()).admitted())
                .isFalse();
        Request bare = Request.get("/x").method("OPTIONS");
        assertThat(auth.check(bare, Access.required()).admitted()).isFalse();
        assertThat(auth.check(bare.header("Origin", "https://app.example"), Access.required())
                        .admitted())
                .isFalse();
        assertThat(auth.check(bare.header("Access-Control-Request-Method", "PUT"), Access.required())
                        .admitted())
                .isFalse();
        assertThat(auth.check(Request.get("/x").method("HEAD"), Access.required())
                        .admitted())
                .isFalse();
    }

    @Test
    void tellsWhereTheTokenStood() {
        VerifiedToken token = auth.check(Request.bearer(Forge.good()), Access.required())
                .token()
                .orElseThrow();
        assertThat(token.location()).hasValue(TokenLocation.HEADER);
        assertThat(auth.verify(Forge.good()).location()).isEmpty();
    }

    @Test
    void givesTheUserOnlyAsWhatItIs() {
        VerifiedToken token = auth.verify(Forge.good());
        assertThat(token.user(CharSequence.class)).isEqualTo("user alice");
        assertThatThrownBy(() -> token.user(Integer.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the user is a java.lang.String, not a java.lang.Integer");
    }

    @Test
    void anAbsurdMaxAgeIsNoFault() {
        String token = auth.issue("alice").accessToken();
        Access access = Access.required().withMaxAge(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(auth.verify(token, access).subject()).isEqualTo("alice");
    }
}
