package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rotation by call and by schedule, and the keys that others see meanwhile. */
class KeyRotationTest {

    private static final Duration DELAY = Duration.ofMinutes(3);

    private final StandingClock clock = new StandingClock();
    private final JwtKey may = JwtKey.generate("EdDSA");
    private final JwtKey november = JwtKey.generate("ES256");
    private final List<String> told = new ArrayList<>();

    private Latchkey latchkey(KeySet keys) {
        return Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .keys(keys)
                .listener(new AuthListener() {
                    @Override
                    public void keysChanged(String set, List<String> ids) {
                        told.add(set + " " + ids);
                    }
                })
                .build();
    }

    private static String id(JwtKey key) {
        return key.id().orElseThrow();
    }

    private static Object kid(Latchkey auth) {
        return auth.parseUnverified(auth.accessToken("alice")).header().get("kid");
    }

    private static List<Object> published(Latchkey auth) {
        return published(auth.serve(Request.get("/auth/jwks.json")));
    }

    private static List<Object> published(AuthResponse response) {
        return Jwk.entries(Jwk.members(response.body())).orElseThrow().stream()
                .<Object>map(key -> ((Map<?, ?>) key).get("kid"))
                .toList();
    }

    @Test
    void aCallAddsTheNextKeyAndLogsNobodyOut() {
        Latchkey auth = latchkey(KeySet.of(may));
        Latchkey other = latchkey(KeySet.of(may)); // which hears of it a minute later
        String before = auth.accessToken("alice");
        auth.rotate(november);
        assertThat(told).containsExactly("keys [" + id(november) + ", " + id(may) + "]");
        assertThat(kid(auth)).isEqualTo(id(may));
        assertThat(published(auth)).containsExactly(id(november), id(may));
        clock.advance(Duration.ofMinutes(1));
        other.rotate(november);
        clock.advance(DELAY.minusMinutes(1));
        assertThat(kid(auth)).isEqualTo(id(november));
        assertThat(kid(other)).isEqualTo(id(may));
        assertThat(other.verify(auth.accessToken("alice")).subject()).isEqualTo("alice");
        assertThat(auth.verify(other.accessToken("alice")).subject()).isEqualTo("alice");
        assertThat(auth.verify(before).subject()).isEqualTo("alice");
        clock.advance(Duration.ofDays(30).plusSeconds(6));
        assertThat(published(auth)).containsExactly(id(november));
    }

    @Test
    void refusesTheSameKeyAndOneThatCannotSign() {
        Latchkey auth = latchkey(KeySet.of(may));
        assertThatThrownBy(() -> auth.rotate(may)).hasMessageContaining("the same key is listed twice");
        assertThatThrownBy(() -> auth.rotate(november.withId(id(may)))).hasMessageContaining("two keys bear the id");
        JwtKey verifying = JwtKey.verifying("ES256", november.publicKey());
        assertThatThrownBy(() -> auth.rotate(verifying)).hasMessageContaining("cannot sign");
        assertThat(kid(auth)).isEqualTo(id(may));
    }

    @Test
    void aScheduleIsKeptWithoutACall() {
        Instant day = clock.instant().plus(Duration.ofDays(10));
        Latchkey auth = latchkey(KeySet.of(november.signsFrom(day), may));
        assertThat(kid(auth)).isEqualTo(id(may));
        String refresh = auth.refreshToken("alice");
        clock.advance(Duration.ofDays(10));
        assertThat(kid(auth)).isEqualTo(id(november));
        assertThat(auth.verify(refresh, Access.refresh()).subject()).isEqualTo("alice");
        clock.advance(Duration.ofDays(30).plusSeconds(6));
        assertThat(published(auth)).containsExactly(id(november));
    }

    @Test
    void publishesForLessThanANewKeyWaits() {
        AuthResponse response = latchkey(KeySet.of(may)).serve(Request.get("/auth/jwks.json"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers())
                .containsEntry("Cache-Control", List.of("public, max-age=60"))
                .containsEntry("Content-Type", List.of("application/json"));
        KeySet hasty = KeySet.of(may).withActivationDelay(Duration.ofSeconds(20));
        assertThat(latchkey(hasty).serve(Request.get("/auth/jwks.json")).headers())
                .containsEntry("Cache-Control", List.of("public, max-age=10"));
        assertThat(latchkey(KeySet.of(may))
                        .serve(Request.post("/auth/jwks.json"))
                        .status())
                .isEqualTo(405);
    }

    @Test
    void publishesNoSecretAndNoEndpointForSecretsAlone() {
        Latchkey mixed = latchkey(KeySet.of(Forge.KEY.withId("secret"), may));
        assertThat(published(mixed)).containsExactly(id(may));
        assertThat(latchkey(KeySet.of(Forge.KEY)).endpoints()).doesNotContain("/auth/jwks.json");
    }

    @Test
    void boundsItsTimes() {
        KeySet keys = KeySet.of(may);
        assertThatThrownBy(() -> keys.withActivationDelay(Duration.ofDays(2))).hasMessageContaining("activationDelay");
        assertThatThrownBy(() -> keys.cachedFor(Duration.ZERO)).hasMessageContaining("cachedFor");
        assertThatThrownBy(() -> keys.withOutage(Duration.ofDays(8))).hasMessageContaining("outage");
        assertThatThrownBy(() -> keys.withRsaAlgorithm("ES256")).hasMessageContaining("takes no RSA key");
        assertThatThrownBy(() -> latchkey(keys.withRetireAfter(Duration.ofDays(30))))
                .hasMessageContaining("keys: retireAfter is PT720H, needs at least PT720H6S");
    }
}
