package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Cookies;
import dev.latchkey.ErrorStyle;
import dev.latchkey.Latchkey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two Latchkeys that protect two parts of one application, which itself lies below the path {@code /app}.
 *
 * <p>The one protects all of it, the other every {@link Page} below {@code /partners}. Each serves its own endpoints.
 */
public abstract class PartsContract extends ContractBase {

    /** The pages of the application, by paths below its own. */
    public enum Page {
        /** Nothing is said of it. */
        ME("/me", null),
        /** Nothing is said of it, and its path only begins like that of the other part. */
        PARTNERSHIP("/partnership", null),
        /** Open to anybody. */
        OPEN("/open", Access.open()),
        /** Nothing is said of it, in the other part. */
        PARTNER("/partners/me", null),
        /** Open, and the handler itself checks for an access token, in the other part. */
        PARTNER_INSIDE("/partners/inside", Access.open()),
        /** Open, and the handler lets a refusal of its own through, in the other part. */
        PARTNER_REFUSES("/partners/refuses", Access.open());

        private final String path;
        private final @Nullable Access access;

        Page(String path, @Nullable Access access) {
            this.path = path;
            this.access = access;
        }

        /** The path below that of the application. */
        public String path() {
            return path;
        }

        /** What to demand; empty where the application says nothing. */
        public Optional<Access> access() {
            return Optional.ofNullable(access);
        }

        /** What the handler of this page does; it may throw. */
        public void handle(Exchange exchange) {
            Route.HANDLED.increment();
            switch (this) {
                case OPEN -> exchange.text("open");
                case PARTNER_INSIDE ->
                    exchange.text(
                            exchange.check(Access.required()).orElseThrow().subject() + " inside");
                case PARTNER_REFUSES -> throw AuthException.of(AuthError.CLAIMS_REJECTED);
                default -> exchange.text(exchange.token().subject());
            }
        }
    }

    private final TestTokens others = TestTokens.of("partners");

    /** Starts the application on a free port of the loopback interface. */
    protected abstract AdapterContract.App start(Latchkey whole, Latchkey partners);

    private RawHttp run() {
        Latchkey whole = settings().cookies(Cookies.create()).build();
        Latchkey partners = others.settings()
                .endpoints("/partners/auth")
                .errorStyle(ErrorStyle.PROBLEM)
                .cookies(Cookies.create().names("access", "refresh", "csrf"))
                .build();
        return talk(start(whole, partners), whole, partners);
    }

    @Test
    void partsTrustTheirOwnTokensOnly() {
        RawHttp http = run();
        String mine = bearer(tokens.access("alice"));
        String theirs = bearer(others.access("acme"));

        for (String path : List.of("/app/me", "/app/partnership")) {
            assertRefused(http.get(path, theirs), AuthError.SIGNATURE_INVALID);
        }
        assertThat(http.get("/app/partners/me", mine).status()).isEqualTo(401);
        assertThat(http.get("/app/partners/me").status()).isEqualTo(401);
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
        assertAnswered(http.get("/app/me", mine), "alice");
        assertAnswered(http.get("/app/partnership", mine), "alice");
        assertAnswered(http.get("/app/partners/me", theirs), "acme");
    }

    @Test
    void checkInsideAHandlerAsksThePartOfItsPage() {
        RawHttp http = run();

        assertAnswered(http.get("/app/partners/inside", bearer(others.access("acme"))), "acme inside");
        assertThat(http.get("/app/partners/inside", bearer(tokens.access("alice")))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusalBearsTheStyleOfItsPart() {
        RawHttp http = run();

        assertThat(http.get("/app/me").header("Content-Type")).isEqualTo("application/json");
        for (String path : List.of("/app/partners/me", "/app/partners/inside", "/app/partners/refuses")) {
            RawHttp.Reply reply = http.get(path);
            assertThat(reply.status() + " " + reply.header("Content-Type"))
                    .as(path)
                    .isEqualTo("401 application/problem+json");
        }
    }

    @Test
    void endpointsLieBelowThePathOfTheApplication() {
        RawHttp http = run();

        assertThat(http.post("/app/auth/login", LOGIN, JSON).status()).isEqualTo(200);
        assertThat(http.post("/app/partners/auth/logout", "").status()).isEqualTo(204);
        assertThat(http.get("/app/auth/login").status()).isEqualTo(405);
        assertThat(http.post("/auth/login", LOGIN, JSON).status()).isIn(401, 404);
    }

    @Test
    void refreshCookieReturnsBelowThePathOfTheApplication() {
        RawHttp http = run();

        RawHttp.Reply login = http.post("/app/auth/login", LOGIN, JSON, "Sec-Fetch-Site: same-origin");

        Browser alice = Browser.of(login);
        assertThat(login.cookies(Browser.REFRESH).get(0)).contains("; Path=/app/auth; ");
        RawHttp.Reply refresh = http.post("/app/auth/refresh", "", alice.all(), alice.value());
        assertThat(refresh.cookies(Browser.REFRESH).get(0)).contains("; Path=/app/auth; ");
        RawHttp.Reply stale = http.post("/app/partners/auth/refresh", "", "Cookie: refresh=x");
        assertThat(stale.cookies("refresh"))
                .anySatisfy(line -> assertThat(line).contains("; Path=/app/partners/auth; Max-Age=0"));
        assertAnswered(http.get("/app/me", Browser.of(refresh).cookie()), "alice");
    }

    @Test
    void demandsHoldBelowThePathOfTheApplication() {
        RawHttp http = run();

        assertRefused(http.get("/app/me"), AuthError.TOKEN_MISSING);
        assertThat(http.send("HEAD", "/app/open", List.of(), "").status()).isEqualTo(200);
        assertAnswered(http.get("/app/open"), "open");
        Route.HANDLED.set(0);
        for (String path : List.of("/app/app/open", "/app/open/../me", "/%61pp/me", "/app//me", "/app;x/me")) {
            assertThat(http.get(path).status()).as(path).isBetween(300, 499);
        }
        assertThat(Route.HANDLED.get()).as("handlers that ran").isZero();
    }
}
