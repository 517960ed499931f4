package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthResponse;
import dev.latchkey.ErrorStyle;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.LatchkeyBuilder;
import dev.latchkey.javalin.LatchkeyPlugin;
import dev.latchkey.testkit.TestClock;
import io.javalin.Javalin;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the sample responses of docs/errors.md with what a server sends, and runs the page's hook. */
class ErrorsTest {

    private static final Map<Integer, String> REASONS = Map.of(401, "Unauthorized", 503, "Service Unavailable");

    private final JwtKey key = JwtKey.generate();

    @Test
    void theSamplesAreWhatAServerSends() {
        List<String> shown = DocsTest.page("docs/errors.md").blocks("http").stream()
                .map(Snippet::text)
                .toList();

        assertThat(shown)
                .containsExactly(
                        text(expired(b -> b.errorStyle(ErrorStyle.STANDARD))),
                        text(expired(b -> b.errorStyle(ErrorStyle.PROBLEM))),
                        text(expired(b -> b.errorStyle(ErrorStyle.ANCESTORS))),
                        text(get(b -> b, (auth, clock) -> "")),
                        text(get(b -> b.realm("notes"), (auth, clock) -> auth.accessToken("alice"))),
                        text(get(
                                b -> b.userLoader(claims -> {
                                    throw new IllegalStateException("no database");
                                }),
                                (auth, clock) -> auth.issue("alice").accessToken())));
    }

    @Test
    void oneHookReplacesAnyResponse() {
        HttpResponse<String> page = expired(
                builder ->
                        // region errors hook
                        builder.errorResponse((refusal, standard) -> refusal.error() == AuthError.TOKEN_EXPIRED
                                ? AuthResponse.of(303, "text/plain", "Log in again")
                                        .withHeader("Location", "/login")
                                : standard)
                // endregion
                );
        HttpResponse<String> admitting = expired(
                builder -> builder.errorResponse((refusal, standard) -> AuthResponse.of(200, "text/plain", "come in")));
        HttpResponse<String> failing = expired(builder -> builder.errorResponse((refusal, standard) -> {
            throw new IllegalStateException("a fault of the hook");
        }));

        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).hasValue("/login");
        assertThat(admitting.statusCode()).isEqualTo(401);
        assertThat(failing.body()).contains("token_expired");
    }

    @Test
    void theHookSeesTheClaimsOfAGenuineToken() {
        HttpResponse<String> page = expired(
                builder ->
                        // region errors claims
                        builder.errorResponse((refusal, standard) -> {
                            String subject = refusal.claims()
                                    .map(claims -> claims.subject())
                                    .orElse("somebody");
                            System.out.println("refused " + subject + ": "
                                    + refusal.error().code());
                            return standard;
                        })
                // endregion
                );

        assertThat(page.body()).contains("token_expired");
    }

    private interface TokenOf {
        String make(Latchkey auth, TestClock clock);
    }

    private HttpResponse<String> expired(UnaryOperator<LatchkeyBuilder> settings) {
        return get(settings, (auth, clock) -> {
            String token = auth.accessToken("alice");
            clock.advance(Duration.ofMinutes(16));
            return token;
        });
    }

    /** Asks a server, whose routes want a login at most five minutes ago, with a token or without. */
    private HttpResponse<String> get(UnaryOperator<LatchkeyBuilder> settings, TokenOf token) {
        TestClock clock = TestClock.at("2026-11-21T12:00:00Z");
        Latchkey auth = settings.apply(
                        Latchkey.builder().issuer("notes").key(key).clock(clock))
                .build();
        Javalin app = Javalin.create(config -> {
                    config.registerPlugin(new LatchkeyPlugin(auth)
                            .group("/", Access.required().withMaxAge(Duration.ofMinutes(5))));
                    config.routes.get("/me", ctx -> ctx.result("in"));
                })
                .start("127.0.0.1", 0);
        try {
            String text = token.make(auth, clock);
            return Http.to(app).get("/me", text.isEmpty() ? new String[0] : bearer(text));
        } finally {
            app.stop();
        }
    }

    private static String text(HttpResponse<String> response) {
        String headers = Stream.of("WWW-Authenticate", "Retry-After", "Cache-Control", "Content-Type")
                .map(name -> response.headers().firstValue(name).map(value -> name + ": " + value + "\n"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining());
        int status = response.statusCode();
        return "HTTP/1.1 " + status + " " + REASONS.get(status) + "\n" + headers + "\n"
                + response.body().strip();
    }
}
