package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthListener;
import dev.latchkey.Issuer;
import dev.latchkey.JwtKey;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/issuers.md shows, but for its recipes. */
class IssuersTest extends TokensPage {

    private static final String HEADER = "{'alg':'RS256','typ':'at+jwt','kid':'1'}";
    private static final String CLAIMS = "{'iss':'ISSUER','sub':'7','aud':'notes-api','iat':NOW,'exp':SOON}";
    private static final String JWKS = "/jwks.json";

    /** The people of this application, by their own ids and by those that they have elsewhere. */
    private static final class People {

        Optional<Person> byId(String id) {
            return Optional.of(new Person(id, "ours", List.of(), true));
        }

        Optional<Person> byLogin(String issuer, String subject) {
            return Optional.of(new Person(issuer + " " + subject, "theirs", List.of(), true));
        }
    }

    private final People people = new People();
    private final IdentityProvider provider =
            new IdentityProvider(clock, "", JWKS, IdentityProvider.key("'kid':'1','use':'sig','alg':'RS256'"));

    @AfterEach
    void stop() {
        provider.close();
    }

    private Issuer trusted() {
        return Issuer.of(provider.issuer()).audience("notes-api").accessTokenType("at+jwt");
    }

    private String token() {
        return provider.token(HEADER, CLAIMS);
    }

    @Test
    void trustsOne() {
        String issuer = provider.issuer();
        JwtKey key = JwtKey.generate();
        // region issuer trust
        Issuer provider = Issuer.of(issuer) // https://id.example.com, as iss says it, to the letter
                .audience("notes-api") // what the provider calls this application
                .accessTokenType("at+jwt") // what its ID tokens do not say
                .userLoader(claims -> people.byLogin(claims.issuer(), claims.subject()));
        Latchkey auth = Latchkey.builder()
                .issuer("notes")
                .key(key)
                .identity(Person.class, Person::id)
                .userLoader(claims -> people.byId(claims.subject()))
                .trust(provider)
                .build();
        // endregion
        String ours = auth.accessToken(person);
        assertThat(auth.verify(ours).user(Person.class).name()).isEqualTo("ours");
        Latchkey standing = builder.trust(provider)
                .userLoader(claims -> people.byId(claims.subject()))
                .build();
        assertThat(standing.verify(token()).user(Person.class).id()).isEqualTo(issuer + " 7");
    }

    @Test
    void theirTokensOpenRoutesAndNothingElse() {
        Latchkey auth = builder.trust(trusted()).build();
        VerifiedToken token = auth.verify(token());
        assertThat(token.claims().sessionId()).isEmpty();
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(token(), Access.fresh()));
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(token(), recent()));
        String recent = provider.token(HEADER, CLAIMS.replace("'iat'", "'auth_time':NOW,'fresh':true,'sid':'1','iat'"));
        assertThat(auth.verify(recent, recent()).subject()).isEqualTo("7");
        assertRefused(AuthError.FRESH_TOKEN_REQUIRED, () -> auth.verify(recent, Access.fresh()));
        assertThatThrownBy(() -> auth.refresh(token())).isInstanceOf(AuthException.class);
        assertThatThrownBy(() -> auth.logout(token())).isInstanceOf(AuthException.class);
        assertThatThrownBy(() -> auth.revokeOthers(token)).isInstanceOf(IllegalArgumentException.class);
        auth.revokeAll("7");
        assertThat(auth.verify(token()).subject()).isEqualTo("7");
        auth.revoke(token);
        assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(token()));
    }

    private static Access recent() {
        return Access.required().withMaxAge(Duration.ofMinutes(5));
    }

    @Test
    void trustsSeveral() {
        try (IdentityProvider second = new IdentityProvider(
                clock, "/pool", JWKS, IdentityProvider.key("'kid':'2','use':'sig','alg':'RS256'"))) {
            String staff = provider.issuer();
            String customers = second.issuer();
            // region issuer several
            builder.trust(
                    Issuer.of(staff).audience("notes-api").accessTokenType("at+jwt"),
                    Issuer.of(customers).audience("notes").accessTokenClaim("token_use", "access"));
            // endregion
            Latchkey auth = builder.build();
            assertThat(auth.verify(token()).claims().issuer()).isEqualTo(staff);
            String header = "{'alg':'RS256','kid':'2'}";
            String claims = "{'iss':'ISSUER','sub':'7','aud':'notes','exp':SOON,'token_use':'access'}";
            assertThat(auth.verify(second.token(header, claims)).claims().issuer())
                    .isEqualTo(customers);
            String crossed = second.token(header, claims.replace("ISSUER", staff));
            assertThatThrownBy(() -> auth.verify(crossed)).isInstanceOf(AuthException.class);
            String nobodys = second.token(header, claims.replace("'iss':'ISSUER',", ""));
            assertThatThrownBy(() -> auth.verify(nobodys)).isInstanceOf(AuthException.class);
        }
    }

    @Test
    void keysAtAnAddress() {
        URI jwks = URI.create(provider.issuer() + JWKS);
        String name = provider.issuer();
        // region issuer remote
        Issuer partner = Issuer.of(name)
                .keys(KeySet.remote(jwks).cachedFor(Duration.ofMinutes(10)).withOutage(Duration.ofHours(6)))
                .audience("notes-api")
                .accessTokenType("at+jwt");
        // endregion
        assertThat(builder.trust(partner).build().verify(token()).subject()).isEqualTo("7");
    }

    @Test
    void keysThatStay() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        PublicKey publicKey = pair.getPublic();
        // region issuer permanent
        Issuer reports = Issuer.of("reports")
                .keys(KeySet.of(JwtKey.verifying("EdDSA", publicKey)))
                .audience("notes")
                .accessTokenClaim("type", "access");
        // endregion
        Latchkey theirs = Latchkey.builder()
                .issuer("reports")
                .audience("notes")
                .key(JwtKey.of("EdDSA", pair))
                .clock(clock)
                .build();
        Latchkey auth = builder.trust(reports).build();
        assertThat(auth.verify(theirs.accessToken("7")).claims().issuer()).isEqualTo("reports");
        assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(theirs.refreshToken("7")));
    }

    @Test
    void keysThatTheApplicationFinds() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Map<String, JwtKey> directory = new HashMap<>(Map.of("2026-11", JwtKey.verifying("EdDSA", pair.getPublic())));
        // region issuer lookup
        KeySet keys = KeySet.lookup(
                token -> Optional.ofNullable(directory.get(token.header().get("kid"))));
        Issuer reports = Issuer.of("reports").keys(keys).audience("notes").accessTokenClaim("type", "access");
        // endregion
        JwtKey signing = JwtKey.of("EdDSA", pair);
        Latchkey auth = builder.trust(reports).build();
        assertThat(auth.verify(reports(signing.withId("2026-11"))).subject()).isEqualTo("7");
        assertThatThrownBy(() -> auth.verify(reports(signing.withId("2026-12"))))
                .isInstanceOf(AuthException.class);
    }

    private String reports(JwtKey key) {
        return Latchkey.builder()
                .issuer("reports")
                .audience("notes")
                .key(key)
                .clock(clock)
                .build()
                .accessToken("7");
    }

    @Test
    void outages() {
        List<String> alarms = new CopyOnWriteArrayList<>();
        // region issuer listener
        builder.listener(new AuthListener() {
            @Override
            public void keysFailed(String keys, String why) { // the last good ones serve on, for a time
                alarms.add(keys + ": " + why);
            }
        });
        // endregion
        Latchkey auth = builder.trust(trusted()).build();
        assertThat(auth.verify(token()).subject()).isEqualTo("7");
        provider.fails();
        clock.advance(Duration.ofMinutes(5));
        assertThat(auth.verify(token()).subject()).isEqualTo("7");
        assertThat(alarms).isNotEmpty().allMatch(alarm -> alarm.endsWith("503"));
        // region issuer health
        Latchkey.Health health = auth.health();
        boolean up = health.up(); // tokens can be checked now
        List<String> problems = health.problems(); // for operators: there may be some while it is up
        // endregion
        assertThat(up).isTrue();
        assertThat(problems).singleElement().asString().startsWith("keys of " + provider.issuer() + ": ");
        clock.advance(Duration.ofHours(1));
        assertRefused(AuthError.UNAVAILABLE, () -> auth.verify(token()));
        assertThat(auth.health().up()).isFalse();
        assertThat(auth.verify(auth.accessToken(person)).subject()).isEqualTo("7");
    }

    @Test
    void anotherClient() throws Exception {
        String nobodyAnswers = "http://127.0.0.1:1";
        String key = IdentityProvider.key("'kid':'1','use':'sig','alg':'RS256'");
        try (IdentityProvider behind = IdentityProvider.behind(nobodyAnswers, clock, JWKS, key)) {
            String issuer = behind.issuer();
            SSLContext authorities = SSLContext.getDefault();
            InetSocketAddress proxy = behind.address();
            // region issuer client
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(authorities) // with your own certificate authority
                    .proxy(ProxySelector.of(proxy))
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            Issuer inside = Issuer.of(issuer)
                    .keys(KeySet.discovered(issuer).withHttpClient(client))
                    .audience("notes-api")
                    .accessTokenType("at+jwt");
            // endregion
            Latchkey auth = builder.trust(inside).build();
            assertThat(auth.verify(behind.token(HEADER, CLAIMS)).subject()).isEqualTo("7");
        }
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> KeySet.discovered(provider.issuer()).withHttpClient(follows))
                .hasMessageContaining("follows redirects");
    }
}
