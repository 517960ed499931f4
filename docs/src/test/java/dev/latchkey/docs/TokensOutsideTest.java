package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.JwtKey;
import dev.latchkey.KeySet;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.Outcome;
import dev.latchkey.Tokens;
import dev.latchkey.UnverifiedToken;
import dev.latchkey.VerifiedToken;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs what docs/tokens.md shows of keys, and of life outside a framework. */
class TokensOutsideTest extends TokensPage {

    @Test
    void verifiesOutsideHttp() {
        String message = auth.accessToken(person);
        // region verify
        try {
            VerifiedToken token = auth.verify(message, Access.required().withoutUser());
            System.out.println("from " + token.subject());
        } catch (AuthException refused) {
            System.out.println("refused: " + refused.error().code());
        }
        // endregion

        assertThat(auth.verify(message).location()).isEmpty();
        assertThatThrownBy(() -> auth.verify(message, Access.open())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parseUnverifiedReadsWithoutAnyCheck() {
        String forged = auth.accessToken(person).replaceFirst("[.][^.]*$", ".AAAA");
        // region unverified
        UnverifiedToken alleged = auth.parseUnverified(forged);
        System.out.println(alleged.header().get("alg") + " " + alleged.claims().get("sub"));
        // endregion

        assertThat(alleged.claims()).containsEntry("sub", "7");
        assertRefused(AuthError.SIGNATURE_INVALID, () -> auth.verify(forged));
        assertRefused(AuthError.TOKEN_MALFORMED, () -> auth.parseUnverified("not a token"));
    }

    @Test
    void rotatesKeysWithoutLoggingAnybodyOut() {
        byte[] may = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.UTF_8);
        byte[] november = "vutsrqponmlkjihgfedcba9876543210".getBytes(StandardCharsets.UTF_8);
        LatchkeyBuilder builder = Latchkey.builder().issuer("notes").clock(clock);
        String old = builder.key(JwtKey.hs256(may).withId("2026-05")).build().accessToken("alice");
        // region keys
        builder.keys(KeySet.of(
                JwtKey.hs256(november).withId("2026-11"), // signs
                JwtKey.hs256(may).withId("2026-05"))); // still accepted
        // endregion
        Latchkey auth = builder.build();

        assertThat(auth.verify(old).subject()).isEqualTo("alice");
        assertThat(auth.verify(auth.accessToken("a")).claims().header()).containsEntry("kid", "2026-11");
        Latchkey retired = builder.key(JwtKey.hs256(november).withId("2026-11")).build();
        assertRefused(AuthError.KEY_UNKNOWN, () -> retired.verify(old));
    }

    @Test
    void aShortSecretHasALongName() {
        byte[] old = "secret".getBytes(StandardCharsets.UTF_8);
        JwtKey strong = JwtKey.generate();
        // region weak
        KeySet keys = KeySet.of(strong, JwtKey.dangerouslyShortSecret("HS256", old));
        // endregion
        Latchkey auth =
                Latchkey.builder().issuer("notes").clock(clock).keys(keys).build();
        Latchkey older = Latchkey.builder()
                .issuer("notes")
                .clock(clock)
                .key(JwtKey.dangerouslyShortSecret("HS256", old))
                .build();

        assertThat(auth.verify(older.accessToken("a")).subject()).isEqualTo("a");
        assertThatThrownBy(() -> JwtKey.hs256(old))
                .hasMessage("secret for HS256 has 6 bytes, needs 32: generate one with openssl rand -base64 32");
    }

    @Test
    void anyHttpServerWillDo() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // region seam
        server.createContext("/", http -> {
            AuthRequest request = AuthRequest.of(
                    http.getRequestMethod(),
                    http.getRequestURI().getPath(),
                    http.getRequestURI().getRawQuery(),
                    name -> http.getRequestHeaders().getOrDefault(name, List.of()),
                    http.getRemoteAddress().getAddress().getHostAddress(),
                    limit -> http.getRequestBody().readNBytes(limit));
            AuthResponse response;
            if (auth.endpoints().contains(request.path())) {
                response = auth.serve(request);
            } else {
                Outcome outcome = auth.check(request, Access.required());
                http.getResponseHeaders().putAll(outcome.headers());
                response = outcome.response()
                        .orElseGet(() -> AuthResponse.json(
                                200, Map.of("me", outcome.token().orElseThrow().subject())));
            }
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            http.getResponseHeaders().putAll(response.headers());
            http.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
            http.getResponseBody().write(body);
            http.close();
        });
        // endregion
        server.start();
        try {
            Http http = new Http("http://127.0.0.1:" + server.getAddress().getPort());
            Tokens tokens = auth.issue(person);

            assertThat(http.get("/me").body()).contains("token_missing");
            assertThat(http.get("/me", Http.bearer(tokens.accessToken())).body())
                    .isEqualTo("{\"me\":\"7\"}");
            assertThat(http.post(
                                    "/auth/refresh",
                                    "{\"refresh_token\":\""
                                            + tokens.refreshToken().orElseThrow() + "\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(http.post("/auth/logout", "", Http.bearer(tokens.accessToken()))
                            .statusCode())
                    .isEqualTo(204);
        } finally {
            server.stop(0);
        }
    }
}
