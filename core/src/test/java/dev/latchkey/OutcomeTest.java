package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an adapter keeps of a request, and what it is good for. */
class OutcomeTest {

    private final AtomicInteger loaded = new AtomicInteger();
    private final JwtKey key = JwtKey.generate();
    private final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(key)
            .cookies(Cookies.create())
            .userLoader(claims -> Optional.of("user " + loaded.incrementAndGet()))
            .build();
    private final Latchkey other =
            Latchkey.builder().issuer("partners").key(JwtKey.generate()).build();
    private final String token = auth.accessToken("alice");

    /** A request in the hands of an adapter that keeps what it is told to. */
    private final class Kept extends OddRequest {
        private Outcome before;
        private String method;

        Kept(Request request) {
            super(request);
            method = request.method();
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public Outcome before() {
            return before;
        }

        Outcome check(Latchkey by, Access access) {
            before = by.check(this, access).orThrow();
            return before;
        }

        Kept after(Access access) {
            check(auth, access);
            return this;
        }
    }

    private Kept alice() {
        return new Kept(Request.bearer(token));
    }

    private Kept stranger() {
        return new Kept(Request.get("/me"));
    }

    private static AuthError refusal(Outcome outcome) {
        return outcome.refusal().orElseThrow().error();
    }

    @Test
    void whatWasMetIsNotCheckedAgain() {
        Kept request = alice().after(Access.required());

        Outcome again = request.check(auth, Access.required());
        assertThat(again.token()).isPresent();
        assertThat(again.headers()).isEmpty();
        request.after(Access.optional()).after(Access.open()).after(Access.required());
        assertThat(loaded).hasValue(1);
        assertThat(auth.check(alice(), Access.required()).token()).isPresent();
        assertThat(loaded).as("of another request").hasValue(2);
    }

    @Test
    void whatWasNotMetIsChecked() {
        assertThat(refusal(auth.check(alice().after(Access.required()), Access.fresh())))
                .isEqualTo(AuthError.FRESH_TOKEN_REQUIRED);
        assertThat(refusal(auth.check(stranger().after(Access.open()), Access.required())))
                .isEqualTo(AuthError.TOKEN_MISSING);
        assertThat(refusal(auth.check(stranger().after(Access.optional()), Access.required())))
                .isEqualTo(AuthError.TOKEN_MISSING);
        Kept late = alice().after(Access.open()).after(Access.required());
        assertThat(loaded).hasValue(2);
        assertThat(auth.check(late, Access.required()).admitted()).isTrue();
        assertThat(loaded).hasValue(2);
    }

    @Test
    void whatOneLatchkeyMetAnotherChecks() {
        Kept request = alice().after(Access.required());

        assertThat(refusal(other.check(request, Access.required()))).isEqualTo(AuthError.SIGNATURE_INVALID);
        request.check(other, Access.open());
        assertThat(Outcome.findTokenOf(request.before()))
                .as("of the one asked last")
                .isEmpty();
        assertThat(request.before().latchkey()).isSameAs(other);
        request.after(Access.required());
        assertThat(Outcome.findTokenOf(request.before())).isPresent();
        assertThat(request.before().latchkey()).isSameAs(auth);
        assertThat(loaded).hasValue(1);
    }

    /** A cookie proves where it came from where the method may change something. */
    @Test
    void whatAnotherMethodMetIsChecked() {
        Tokens tokens = auth.issue("alice", Grant.create().forCookies());
        Kept request = new Kept(Request.get("/me").header("Cookie", "access_token_cookie=" + tokens.accessToken()));
        request.after(Access.required());
        request.method = "POST";

        assertThat(refusal(auth.check(request, Access.required()))).isEqualTo(AuthError.CSRF_MISSING);
    }

    @Test
    void whatWasMetDoesNotBlock() {
        Kept request = alice();

        assertThat(auth.blocks(request, Access.required())).isTrue();
        request.after(Access.required());
        assertThat(auth.blocks(request, Access.required())).isFalse();
        assertThat(auth.blocks(request, Access.fresh())).isTrue();
    }

    @Test
    void aTokenOutlivesAChecksThatFoundNone() {
        Access inQuery = Access.optional().withLocations(TokenLocation.QUERY);
        Kept request = alice().after(Access.required());

        assertThat(request.check(auth, inQuery).token()).isEmpty();
        assertThat(Outcome.findTokenOf(request.before())).isPresent();
        assertThat(Outcome.tokenOf(request.before()).subject()).isEqualTo("alice");
    }

    @Test
    void whoTakesATokenForGrantedIsToldItsMistake() {
        for (Outcome kept :
                new Outcome[] {null, stranger().after(Access.optional()).before()}) {
            assertThat(Outcome.findTokenOf(kept)).isEmpty();
            assertThatThrownBy(() -> Outcome.tokenOf(kept))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("findToken");
        }
    }

    @Test
    void aRefusalIsThrown() {
        assertThatThrownBy(() -> auth.check(stranger(), Access.required()).orThrow())
                .isInstanceOf(AuthException.class);
    }

    @Test
    void headersAreSetByTheFrameworksCalls() {
        List<String> calls = new ArrayList<>();
        AuthResponse response = AuthResponse.of(200, "text/plain", "").withHeader("Link", "a", "b", "c");

        response.setHeaders(
                name -> List.of(),
                (name, line) -> calls.add("set " + name + " " + line),
                (name, line) -> calls.add("add " + name + " " + line));
        auth.check(alice(), Access.optional())
                .setHeaders(
                        name -> List.of("Origin"),
                        (name, line) -> calls.add("set " + name + " " + line),
                        (name, line) -> calls.add("add " + name + " " + line));

        assertThat(calls)
                .containsExactly(
                        "set Content-Type text/plain",
                        "set Link a",
                        "add Link b",
                        "add Link c",
                        "set Vary Origin",
                        "add Vary Authorization, Cookie");
    }

    @Test
    void aResponseInPlaceOfAnotherSaysNothingOfItsBody() {
        Map<String, List<String>> present = Map.of(
                "etag", List.of("1"),
                "Content-Encoding", List.of("br"),
                "cache-control", List.of("public"),
                "Access-Control-Allow-Origin", List.of("https://notes.example"),
                "Link", List.of("a", "b"),
                "Set-Cookie", List.of("seen=yes", "access_token=x; Path=/"));
        AuthResponse refusal = AuthResponse.of(401, "application/json", "{}")
                .withHeader("Cache-Control", "no-store")
                .withHeader("Set-Cookie", "access_token=; Path=/");

        AuthResponse whole = refusal.inPlaceOf(present.keySet(), present::get);

        assertThat(whole.headers())
                .containsOnly(
                        Map.entry("Access-Control-Allow-Origin", List.of("https://notes.example")),
                        Map.entry("Link", List.of("a", "b")),
                        Map.entry("Content-Type", List.of("application/json")),
                        Map.entry("Cache-Control", List.of("no-store")),
                        Map.entry("Set-Cookie", List.of("seen=yes", "access_token=; Path=/")));
        assertThat(whole.status() + whole.body()).isEqualTo("401{}");
    }
}
