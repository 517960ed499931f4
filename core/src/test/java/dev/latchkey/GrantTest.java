package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

    private final StandingClock clock = new StandingClock();
    private final Latchkey auth = Forge.latchkey(clock).build();

    @ParameterizedTest
    @ValueSource(
            strings = {"iss", "aud", "sub", "exp", "iat", "nbf", "jti", "type", "fresh", "csrf", "sid", "auth_time"})
    void refusesReservedClaims(String name) {
        String message = "claim '" + name + "' is reserved: Latchkey writes it itself; choose another name";
        assertThatThrownBy(() -> Grant.create().claim(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        Latchkey hooked = Forge.latchkey(clock)
                .claims(String.class, subject -> Map.of(name, "x"))
                .build();
        assertThatThrownBy(() -> hooked.accessToken("alice")).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alg", "typ", "kid", "crit", "b64"})
    void refusesReservedHeaders(String name) {
        String message = "header '" + name + "' is reserved: Latchkey writes it itself; choose another name";
        assertThatThrownBy(() -> Grant.create().header(name, "x")).hasMessage(message);
        Latchkey hooked = Forge.latchkey(clock)
                .headers(String.class, subject -> Map.of(name, "x"))
                .build();
        assertThatThrownBy(() -> hooked.accessToken("alice")).hasMessage(message);
    }

    static Stream<Object> refusedValues() {
        return Stream.of(
                new Object(),
                new byte[] {1},
                new int[] {1},
                'c',
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Duration.ofSeconds(1),
                Map.of(1, "number as a key"),
                Map.of("\ud800", 1),
                "\ud800",
                List.of("\udc00"),
                BigInteger.TEN.pow(64),
                new BigDecimal("0." + "1".repeat(64)),
                List.of(BigInteger.TEN.pow(100).negate()),
                nested(40));
    }

    private static Object nested(int depth) {
        return depth == 0 ? "bottom" : List.of(nested(depth - 1));
    }

    @ParameterizedTest
    @MethodSource("refusedValues")
    void refusesValuesThatJsonHasNoFormFor(Object value) {
        assertThatThrownBy(() -> Grant.create().claim("x", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'x' ");
        assertThatThrownBy(() -> Grant.create().header("x", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAMapThatHoldsItself() {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        assertThatThrownBy(() -> Grant.create().claim("x", map))
                .hasMessageContaining("is nested deeper than 30 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00"})
    void refusesNamesThatNoReaderFinds(String name) {
        assertThatThrownBy(() -> Grant.create().claim(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of a claim");
        assertThatThrownBy(() -> Grant.create().header(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of a header");
    }

    enum Plan {
        GOLD
    }

    /** Whatever a claim may be, comes back from the token as documented. */
    @Test
    void bringsBackEveryValueItTakes() {
        UUID id = UUID.randomUUID();
        Map<String, Object> in = new HashMap<>();
        Map<String, Object> out = new HashMap<>();
        in.put("text", CharBuffer.wrap("ä\u0000\"\\\ud83d\ude00"));
        out.put("text", "ä\u0000\"\\\ud83d\ude00");
        in.put("enum", Plan.GOLD);
        out.put("enum", "GOLD");
        in.put("uuid", id);
        out.put("uuid", id.toString());
        in.put("int", 7);
        out.put("int", 7L);
        in.put("byte", (byte) -7);
        out.put("byte", -7L);
        in.put("long", Long.MIN_VALUE);
        out.put("long", Long.MIN_VALUE);
        in.put("big", BigInteger.TEN.pow(50));
        out.put("big", BigInteger.TEN.pow(50));
        in.put("double", Double.MIN_VALUE);
        out.put("double", new BigDecimal("4.9E-324"));
        in.put("float", 0.1f);
        out.put("float", new BigDecimal("0.1"));
        in.put("decimal", new BigDecimal("1E+5"));
        out.put("decimal", new BigDecimal("1E+5"));
        in.put("instant", Instant.ofEpochSecond(5, 999));
        out.put("instant", 5L);
        in.put("flag", true);
        out.put("flag", true);
        in.put("null", null);
        out.put("null", null);
        in.put("list", Collections.singletonList(null));
        out.put("list", Collections.singletonList(null));
        in.put("map", Map.of("a", List.of(1)));
        out.put("map", Map.of("a", List.of(1L)));
        in.put("deep", nested(30));
        out.put("deep", nested(30));
        Grant grant = Grant.create();
        for (Map.Entry<String, Object> claim : in.entrySet()) {
            grant = grant.claim(claim.getKey(), claim.getValue());
        }
        assertThat(auth.verify(auth.accessToken("alice", grant)).claims().asMap())
                .containsAllEntriesOf(out);
    }

    @Test
    void copiesValues() {
        List<String> roles = new ArrayList<>(List.of("reader"));
        Grant grant = Grant.create().claim("roles", roles);
        roles.add("admin");
        assertThat(auth.verify(auth.accessToken("alice", grant)).claims().strings("roles"))
                .containsExactly("reader");
    }

    @Test
    void isImmutable() {
        Grant first = Grant.create().claim("a", 1);
        Grant second = first.claim("b", 2).header("h", 3).lifetime(Duration.ofHours(1));
        assertThat(first.claims()).containsOnlyKeys("a");
        assertThat(second.claims()).containsOnlyKeys("a", "b");
        assertThat(first.headers()).isEmpty();
        assertThat(first.lifetime()).isEmpty();
        assertThat(Grant.create().claims()).isEmpty();
    }

    /** One map for everybody, handed out by the hook each time: it must not collect what single calls add. */
    @Test
    void aPerCallClaimNeverReachesAnotherUsersToken() {
        Map<String, Object> shared = new HashMap<>(Map.of("tenant", "acme"));
        Latchkey hooked = Forge.latchkey(clock)
                .claims(String.class, subject -> shared)
                .headers(String.class, subject -> shared)
                .build();
        Grant admin = Grant.create().claim("admin", true).header("admin", true);
        VerifiedToken alice = hooked.verify(hooked.accessToken("alice", admin));
        VerifiedToken bob = hooked.verify(hooked.accessToken("bob"));
        assertThat(alice.claims().isTrue("admin")).isTrue();
        assertThat(bob.claims().asMap()).doesNotContainKey("admin").containsEntry("tenant", "acme");
        assertThat(bob.claims().header()).doesNotContainKey("admin");
        assertThat(shared).containsExactly(Map.entry("tenant", "acme"));
    }

    @Test
    void aPerCallClaimWinsOverTheHook() {
        Latchkey hooked = Forge.latchkey(clock)
                .claims(String.class, subject -> Map.of("plan", "free", "tenant", "acme"))
                .build();
        Claims claims = hooked.verify(hooked.accessToken("alice", Grant.create().claim("plan", "gold")))
                .claims();
        assertThat(claims.string("plan")).hasValue("gold");
        assertThat(claims.string("tenant")).hasValue("acme");
    }

    @Test
    void refusesLifetimesBelowOneSecond() {
        for (Duration duration : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(999))) {
            assertThatThrownBy(() -> Grant.create().lifetime(duration))
                    .hasMessageContaining("needs at least one second");
            assertThatThrownBy(() -> Grant.create().refreshLifetime(duration))
                    .hasMessageStartingWith("refreshLifetime is");
        }
    }

    @Test
    void refusesMomentsThatNoTokenCanHold() {
        assertThatThrownBy(() -> Grant.create().freshUntil(Instant.MAX)).hasMessageStartingWith("freshUntil is");
        assertThatThrownBy(() -> Grant.create().authenticatedAt(Instant.MIN))
                .hasMessageStartingWith("authenticatedAt is");
    }

    @Test
    void neverExpiresOnlyWhereItIsAllowed() {
        Grant unlimited = Grant.create().neverExpires();
        assertThatThrownBy(() -> auth.accessToken("alice", unlimited))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowTokensThatNeverExpire()");
        Latchkey lax = Forge.latchkey(clock).allowTokensThatNeverExpire().build();
        assertThat(lax.verify(lax.accessToken("alice", unlimited)).expiresAt())
                .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
        assertThatThrownBy(() -> lax.issue("alice", unlimited)).hasMessageContaining("a session ends");
    }

    @Test
    void refusesLifetimesBeyondAnyDate() {
        Latchkey lax = Forge.latchkey(clock).allowTokensThatNeverExpire().build();
        for (Duration lifetime : List.of(Duration.ofDays(3_000_000), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> lax.accessToken("alice", Grant.create().lifetime(lifetime)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ends after the year 9999: say so with neverExpires()");
        }
    }

    @Test
    void refusesLifetimesAboveFourHundredDaysUnlessNeverIsAllowed() {
        Grant long401 = Grant.create().lifetime(Duration.ofDays(401));
        assertThatThrownBy(() -> auth.accessToken("alice", long401))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowTokensThatNeverExpire()");
        Latchkey lax = Forge.latchkey(clock).allowTokensThatNeverExpire().build();
        assertThat(lax.verify(lax.accessToken("alice", long401)).subject()).isEqualTo("alice");
    }

    @Test
    void refusesTokensThatOutliveTheirSession() {
        assertThatThrownBy(() -> auth.issue("alice", Grant.create().refreshLifetime(Duration.ofDays(91))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("raise refreshLifetime(…)");
        assertThatThrownBy(() -> auth.issue("alice", Grant.create().lifetime(Duration.ofDays(31))))
                .hasMessageStartingWith("a lifetime of PT744H is more than PT720H");
    }
}
