package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatchkeyBuilderTest {

    private static final Login NOBODY = Login.by((name, password) -> Optional.empty());

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        LatchkeyBuilder builder = Latchkey.builder()
                .leeway(Duration.ofHours(1))
                .accessLifetime(Duration.ZERO)
                .endpoints("auth");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Latchkey cannot start:\n - issuer is not set: call issuer(\"…\")")
                .hasMessageContaining("\n - key is not set: call key(JwtKey.hs256(secret)) with 32 random bytes")
                .hasMessageContaining("\n - leeway is PT1H, may be at most PT2M")
                .hasMessageContaining("\n - accessLifetime is PT0S, needs at least PT1S")
                .hasMessageContaining("\n - endpoint path 'auth/login' must be literal segments");
    }

    @Test
    void demandsAnIssuer() {
        complains("issuer is not set", b -> b.issuer(" "));
    }

    @Test
    void refusesBlankAudiences() {
        complains("audience holds a blank name", b -> b.audience("web", ""));
        complains("audience holds a blank name", b -> b.acceptedAudience(" "));
    }

    @Test
    void refusesLifetimesBelowOneSecond() {
        complains("accessLifetime is PT0.999S, needs at least PT1S", b -> b.accessLifetime(Duration.ofMillis(999)));
        complains("refreshLifetime is PT-1S, needs at least PT1S", b -> b.refreshLifetime(Duration.ofSeconds(-1)));
        complains("refreshLifetime is PT0S, needs at least PT1S", b -> b.refreshLifetime(Duration.ZERO));
    }

    /** "Never" has an option of its own name. */
    @Test
    void refusesLifetimesThatAreNeverByAnotherName() {
        complains(
                "accessLifetime is PT9624H, may be at most PT9600H: a stolen token works until then",
                b -> b.accessLifetime(Duration.ofDays(401)));
        complains("may be at most PT9600H", b -> b.refreshLifetime(Duration.ofSeconds(Long.MAX_VALUE)));
        starts(b -> b.accessLifetime(Duration.ofDays(400)).refreshLifetime(Duration.ofDays(400)));
    }

    @Test
    void boundsTheLeeways() {
        complains("leeway is PT-1S, needs at least PT0S", b -> b.leeway(Duration.ofSeconds(-1)));
        complains("leeway is PT2M1S, may be at most PT2M: set the clocks", b -> b.leeway(Duration.ofSeconds(121)));
        complains("futureLeeway is PT5M1S, may be at most PT5M", b -> b.futureLeeway(Duration.ofSeconds(301)));
        complains("futureLeeway is PT-1S, needs at least", b -> b.futureLeeway(Duration.ofSeconds(-1)));
        complains("notBefore is PT-1S, needs at least PT0S", b -> b.notBefore(Duration.ofSeconds(-1)));
        complains("notBefore is PT25H, may be at most PT24H", b -> b.notBefore(Duration.ofHours(25)));
    }

    @Test
    void refusesRequiredClaimsThatNoTokenHas() {
        complains("requiredClaims names 'nbf', which no token has: call notBefore(…)", b -> b.requiredClaims("nbf"));
        complains("requiredClaims names 'csrf', which tokens for cookies alone have", b -> b.requiredClaims("csrf"));
        starts(b -> b.requiredClaims("nbf", "sid", "exp").notBefore(Duration.ZERO));
    }

    @Test
    void refusesHooksThatARefreshCouldNotRun() {
        complains("claims(Person.class, …) needs userLoader(…)", b -> b.claims(Person.class, person -> Map.of("a", 1)));
        complains(
                "headers(Person.class, …) needs userLoader(…)", b -> b.headers(Person.class, person -> Map.of("a", 1)));
        starts(b -> b.claims(String.class, subject -> Map.of()));
        starts(b -> b.claims(Object.class, subject -> Map.of()));
        starts(b -> b.claims(Person.class, person -> Map.of()).withoutEndpoints());
        starts(b -> b.claims(Person.class, person -> Map.of())
                .userLoader(claims -> Optional.of(new Person(claims.subject()))));
    }

    private record Person(String name) {}

    @Test
    void refusesAStoreBesideStateless() {
        StandingClock clock = new StandingClock();
        complains(
                "store(…) and stateless() exclude each other",
                b -> b.store(TokenStore.inMemory(clock)).stateless());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Token", "X:Token", "X\r\nToken", "Tökén"})
    void refusesHeaderNamesThatAreNone(String name) {
        complains("is not a header name (RFC 9110 section 5.6.2)", b -> b.headerName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "my scheme", "a,b", "\n"})
    void refusesSchemesOfMoreThanOneWord(String scheme) {
        complains("is not one word: leave out spaces", b -> b.headerScheme(scheme));
    }

    @Test
    void refusesJsonKeysThatCannotBeToldApart() {
        complains("jsonKeys need two different names", b -> b.jsonKeys("token", "token"));
        complains("jsonKeys need two different names", b -> b.jsonKeys("", "token"));
        complains("jsonKeys need two different names", b -> b.jsonKeys("token", ""));
    }

    @Test
    void refusesAnErrorMessageKeyThatHidesTheCode() {
        complains("errorMessageKey must be a name other than 'code'", b -> b.errorMessageKey("code"));
        complains("errorMessageKey must be a name other than 'code'", b -> b.errorMessageKey(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"login", "", "/", "/auth/", "//auth", "/a b", "/auth/*", "/auth/{id}", "/auth/:id", "/ä", "/a?b"
            })
    void refusesEndpointPathsThatAreNotLiteral(String path) {
        complains("must be literal segments, each after a slash", b -> b.loginPath(path));
    }

    @Test
    void refusesEndpointsOnOnePath() {
        complains("is that of another endpoint", b -> b.loginPath("/auth/refresh"));
        complains("is that of another endpoint", b -> b.loginPath("/auth/sessions/end"));
    }

    @Test
    void refusesALoginWithoutEndpoints() {
        complains(
                "login(…) needs the endpoints: leave out withoutEndpoints()",
                b -> b.login(NOBODY).withoutEndpoints());
    }

    @Test
    void warnsOfWhatIsDangerous() {
        byte[] shortSecret = "hunter2".getBytes(StandardCharsets.US_ASCII);
        assertThat(warnings(b -> b.key(JwtKey.dangerouslyShortSecret("HS256", shortSecret))))
                .anyMatch(line -> line.startsWith("JwtKey[HS256] is dangerously short"))
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(warnings(LatchkeyBuilder::stateless))
                .anyMatch(line -> line.startsWith("stateless(): a logout ends"));
        assertThat(warnings(LatchkeyBuilder::allowTokensThatNeverExpire))
                .anyMatch(line -> line.startsWith("allowTokensThatNeverExpire(): a stolen token"));
        assertThat(warnings(b -> b)).singleElement().asString().startsWith("sessions are kept in memory");
        assertThat(warnings(b -> b.store(new NotingStore(new StandingClock())))).isEmpty();
    }

    @Test
    void startsWithoutItsStoreAndWarns() {
        TokenStore gone = new NotingStore(new StandingClock()) {
            @Override
            public List<String> warnings() {
                throw new IllegalStateException("connection refused");
            }
        };
        assertThat(warnings(b -> b.store(gone)))
                .containsExactly("the store gives no answer, and until it does all that needs it is refused with 503: "
                        + "start it, or mend its address (connection refused)");
    }

    @Test
    void laterCallsOnTheBuilderDoNotReachWhatItBuilt() {
        LatchkeyBuilder builder = Forge.latchkey(new StandingClock());
        Latchkey first = builder.build();
        Latchkey second = builder.issuer("other").build();
        assertThat(first.verify(Forge.good()).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.ISSUER_INVALID, () -> second.verify(Forge.good()));
    }

    private static List<String> warnings(UnaryOperator<LatchkeyBuilder> setting) {
        return LogBook.during(
                        () -> setting.apply(Forge.latchkey(new StandingClock())).build())
                .stream()
                .map(LogBook.Line::text)
                .toList();
    }

    private static void complains(String problem, UnaryOperator<LatchkeyBuilder> setting) {
        LatchkeyBuilder builder = setting.apply(Forge.latchkey(new StandingClock()));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(problem)
                .hasMessageMatching("(?s)Latchkey cannot start:(\n - [^\n]+)+");
    }

    private static void starts(UnaryOperator<LatchkeyBuilder> setting) {
        assertThatCode(() -> setting.apply(Forge.latchkey(new StandingClock())).build())
                .doesNotThrowAnyException();
    }
}
