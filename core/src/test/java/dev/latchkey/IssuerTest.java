package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of another issuer beside our own. */
class IssuerTest {

    private static final JwtKey KEY = JwtKey.generate("EdDSA").withId("theirs");

    private final StandingClock clock = new StandingClock();
    private final KeyHost host = new KeyHost().publishes(KEY);

    @AfterEach
    void close() {
        host.close();
    }

    private Issuer issuer() {
        return Issuer.of(host.issuer()).audience("notes-api").accessTokenType("at+jwt");
    }

    private Latchkey latchkey(UnaryOperator<Issuer> change, UnaryOperator<LatchkeyBuilder> more) {
        return more.apply(Forge.latchkey(clock).trust(change.apply(issuer()))).build();
    }

    private Latchkey latchkey() {
        return latchkey(issuer -> issuer, builder -> builder);
    }

    private Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", host.issuer());
        claims.put("sub", "alice");
        claims.put("aud", "notes-api");
        claims.put("iat", Forge.NOW);
        claims.put("exp", Forge.NOW + 300);
        return claims;
    }

    private String token(Map<String, Object> claims) {
        return token("{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"theirs\"}", claims);
    }

    private static String token(String header, Map<String, Object> claims) {
        return KeyHost.signed(KEY, header, Json.write(claims));
    }

    private String with(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return token(claims);
    }

    private String without(String name) {
        Map<String, Object> claims = claims();
        claims.remove(name);
        return token(claims);
    }

    @Test
    void admitsAnAccessTokenAndFindsTheKeysByDiscovery() {
        VerifiedToken token = latchkey().verify(token(claims()));
        assertThat(token.subject()).isEqualTo("alice");
        assertThat(token.claims().issuer()).isEqualTo(host.issuer());
        assertThat(token.type()).isEqualTo("access");
        assertThat(token.isFresh()).isFalse();
    }

    @Test
    void anIssuerThatNobodyTrustsIsNamedAsTheFault() {
        String token = with("iss", host.issuer() + "/");
        Refusal.expect(AuthError.ISSUER_INVALID, () -> latchkey().verify(token));
        String anonymous = without("iss");
        assertThatThrownBy(() -> latchkey().verify(anonymous)).isInstanceOf(AuthException.class);
    }

    @Test
    void ourOwnTokensPassAsEver() {
        Latchkey auth = latchkey();
        assertThat(auth.verify(auth.accessToken("alice")).claims().issuer()).isEqualTo("notes");
        assertThat(auth.refresh(auth.issue("alice").refreshToken().orElseThrow())
                        .subject())
                .isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "exp", "aud", "iss"})
    void demandsWhatEveryAccessTokenHas(String claim) {
        String token = without(claim);
        assertThatThrownBy(() -> latchkey().verify(token)).isInstanceOf(AuthException.class);
    }

    @ParameterizedTest
    @CsvSource({"sub,7", "sub,''", "aud,other-api", "exp,1000", "iat,99999999999", "nbf,99999999999", "jti,7"})
    void refusesClaimsThatAreNot(String claim, String value) {
        String token = with(claim, value.matches("[0-9]+") ? (Object) Long.parseLong(value) : value);
        assertThatThrownBy(() -> latchkey().verify(token)).isInstanceOf(AuthException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"theirs\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"theirs\"}"
            })
    void anIdTokenIsNoAccessToken(String header) {
        Refusal.expect(AuthError.TOKEN_TYPE_INVALID, () -> latchkey().verify(token(header, claims())));
    }

    @Test
    void aMarkMayBeAClaimOrItsValue() {
        Latchkey auth = latchkey(
                issuer -> Issuer.of(host.issuer())
                        .audience("notes-api")
                        .accessTokenClaim("token_use", "access")
                        .accessTokenClaim("scp"),
                builder -> builder);
        Map<String, Object> claims = claims();
        claims.put("token_use", "access");
        Refusal.expect(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(token(claims)));
        claims.put("scp", "notes:read");
        assertThat(auth.verify(token(claims)).subject()).isEqualTo("alice");
        claims.put("token_use", "id");
        Refusal.expect(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(token(claims)));
    }

    /** It answers to any id that nobody bears, and yet an id that is new has its keys fetched. */
    @Test
    void aKeyWithoutIdHidesNoNewOne() {
        Map<String, Object> anonymous = new LinkedHashMap<>(Jwk.published(KEY));
        anonymous.remove("kid");
        host.answers(200, Json.write(Map.of("keys", List.of(anonymous))));
        Latchkey auth = latchkey();
        assertThat(auth.verify(token(claims())).subject()).isEqualTo("alice");
        JwtKey next = JwtKey.generate("EdDSA").withId("next");
        host.publishes(KEY, next);
        clock.advance(Duration.ofSeconds(30));
        String byNext =
                KeyHost.signed(next, "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"next\"}", Json.write(claims()));
        assertThat(auth.verify(byNext).subject()).isEqualTo("alice");
    }

    @Test
    void neitherKeyVouchesForTheOther() {
        Latchkey auth = latchkey();
        String oursByTheirKey = token("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", Map.copyOf(ours()));
        assertThatThrownBy(() -> auth.verify(oursByTheirKey)).isInstanceOf(AuthException.class);
        String theirsByOurKey = Forge.token("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", Json.write(claims()));
        assertThatThrownBy(() -> auth.verify(theirsByOurKey)).isInstanceOf(AuthException.class);
    }

    private Map<String, Object> ours() {
        Map<String, Object> claims = claims();
        claims.put("iss", "notes");
        claims.put("aud", "notes");
        claims.put("jti", "1");
        claims.put("type", "access");
        return claims;
    }

    @Test
    void theirSessionsAndFreshnessMeanNothingHere() {
        Latchkey auth = latchkey();
        Tokens tokens = auth.issue("alice");
        Map<String, Object> claims = claims();
        claims.put("sid", tokens.sessionId().orElseThrow());
        claims.put("fresh", true);
        claims.put("type", "refresh");
        claims.put("renewable_until", Forge.NOW + 1_000_000);
        VerifiedToken token = auth.verify(token(claims));
        assertThat(token.claims().sessionId()).isEmpty();
        Refusal.expect(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(token(claims), Access.fresh()));
        Refusal.expect(AuthError.TOKEN_TYPE_INVALID, () -> auth.refresh(token(claims)));
        assertThatThrownBy(() -> auth.logout(token(claims))).isInstanceOf(AuthException.class);
        assertThatThrownBy(() -> auth.revokeOthers(token)).hasMessageContaining("another issuer's");
        auth.revoke(token);
        assertThat(auth.verify(tokens.accessToken()).subject()).isEqualTo("alice");
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(token(claims)));
    }

    @Test
    void theirSubjectReachesNoEndpointOfOurs() {
        Latchkey auth = latchkey();
        Tokens tokens = auth.issue("alice");
        Request list = Request.get("/auth/sessions").header("Authorization", "Bearer " + token(claims()));
        assertThat(auth.serve(list).status()).isEqualTo(401);
        Request end = Request.post("/auth/sessions/end-all").header("Authorization", "Bearer " + token(claims()));
        assertThat(auth.serve(end).status()).isEqualTo(401);
        assertThat(auth.verify(tokens.accessToken()).subject()).isEqualTo("alice");
    }

    @Test
    void theirSubjectsAreNotLoadedAsOurs() {
        UnaryOperator<LatchkeyBuilder> loads =
                builder -> builder.userLoader(claims -> Optional.of("our " + claims.subject()));
        Latchkey without = latchkey(issuer -> issuer, loads);
        Refusal.expect(AuthError.USER_NOT_FOUND, () -> without.verify(token(claims())));
        assertThat(without.verify(token(claims()), Access.required().withoutUser())
                        .subject())
                .isEqualTo("alice");
        Latchkey with =
                latchkey(issuer -> issuer.userLoader(claims -> Optional.of("their " + claims.subject())), loads);
        assertThat(with.verify(token(claims())).user(String.class)).isEqualTo("their alice");
        assertThat(with.verify(with.accessToken("alice")).user(String.class)).isEqualTo("our alice");
    }

    @Test
    void rolesAndScopesLieWhereTheIssuerPutsThem() {
        Latchkey auth =
                latchkey(issuer -> issuer.roleClaim("realm_access.roles").scopeClaim("scp"), builder -> builder);
        Map<String, Object> claims = claims();
        claims.put("realm_access", Map.of("roles", List.of("admin")));
        claims.put("scp", "notes:read notes:write");
        claims.put("roles", List.of("owner"));
        VerifiedToken token = auth.verify(token(claims));
        assertThat(token.roles()).containsExactly("admin");
        assertThat(token.scopes()).containsExactly("notes:read", "notes:write");
        Refusal.expect(AuthError.ROLE_MISSING, () -> auth.verify(token(claims), Access.role("owner")));
    }

    @Test
    void aTokenWithoutIdIsRevokedByWhatWasSigned() {
        Latchkey auth = latchkey();
        String token = token(claims());
        auth.revoke(auth.verify(token));
        Refusal.expect(AuthError.TOKEN_REVOKED, () -> auth.verify(token));
        clock.advance(Duration.ofSeconds(1));
        Map<String, Object> next = claims();
        next.put("iat", Forge.NOW + 1);
        assertThat(auth.verify(token(next)).subject()).isEqualTo("alice");
    }

    @Test
    void aCookieIsNoPlaceForIt() {
        Latchkey auth =
                latchkey(issuer -> issuer, builder -> builder.locations(TokenLocation.HEADER, TokenLocation.COOKIE));
        Map<String, Object> claims = claims();
        claims.put("csrf", "1");
        Request request = Request.get("/").header("Cookie", "access_token_cookie=" + token(claims));
        Outcome outcome = auth.check(request, Access.required());
        assertThat(outcome.refusal()).isPresent();
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> Forge.latchkey(clock)
                        .trust(Issuer.of("somebody"), Issuer.of("notes"), Issuer.of("somebody"))
                        .migration(Migration.until(clock.instant()).withoutIssuer())
                        .build())
                .hasMessageContaining("issuer 'somebody': call audience")
                .hasMessageContaining("issuer 'somebody': say how its access tokens differ")
                .hasMessageContaining("issuer 'somebody': its name is no address")
                .hasMessageContaining("trust(…) names 'notes' twice, or this application")
                .hasMessageContaining("trust(…) names 'somebody' twice")
                .hasMessageContaining("withoutIssuer() and trust(…) exclude each other");
    }
}
