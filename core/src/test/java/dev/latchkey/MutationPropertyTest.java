package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A token is one string: any other is refused, and none of it is ever told. */
class MutationPropertyTest {

    private final KeySet keys =
            KeySet.of(JwtKey.generate().withId("now"), JwtKey.generate().withId("before"));
    private final Latchkey auth = Latchkey.builder().issuer("notes").keys(keys).build();
    private final Latchkey twin = Latchkey.builder().issuer("notes").keys(keys).build();
    private final List<String> genuine = List.of(
            auth.accessToken("alice"),
            auth.refreshToken("alice"),
            auth.accessToken(
                    "b", Grant.create().claim("deep", List.of(Map.of("a", 1))).header("x", "y")),
            auth.issue("alice").accessToken());

    @Test
    void everyMutantIsRefused() {
        Cases run = Cases.run("everyMutantIsRefused", (random, cases) -> {
            String token = genuine.get(random.nextInt(genuine.size()));
            String mutant = new Mutations(random).mutate(token);
            if (genuine.contains(mutant)) {
                assertThat(auth.verify(mutant, Access.anyType()).subject()).isNotEmpty();
                cases.count("still the token itself");
                return;
            }
            AuthException refusal = refused(() -> auth.verify(mutant, Access.anyType()), mutant);
            assertThat(refusal.error().status(ErrorStyle.STANDARD)).isEqualTo(401);
            cases.count(refusal.error().name());
        });
        if (run.isWhole()) {
            assertThat(run.counted("SIGNATURE_INVALID")).isPositive();
        }
    }

    @Test
    void everyOneBitAndOneCharacterChangeIsRefused() {
        for (String token : genuine) {
            for (int at = 0; at < token.length(); at++) {
                for (int bit = 0; bit < 16; bit++) {
                    char c = (char) (token.charAt(at) ^ 1 << bit);
                    String mutant = token.substring(0, at) + c + token.substring(at + 1);
                    refused(() -> auth.verify(mutant, Access.anyType()), mutant);
                }
                String cut = token.substring(0, at);
                refused(() -> auth.verify(cut, Access.anyType()), cut);
            }
        }
    }

    @Test
    void noTokenIsToldByAnExceptionAStringOrTheLog() {
        Cases run = Cases.run("noTokenIsToldByAnExceptionAStringOrTheLog", (random, cases) -> {
            List<String> told = new ArrayList<>();
            String token = genuine.get(random.nextInt(genuine.size()));
            String mutant = random.nextInt(4) == 0 ? token : new Mutations(random).mutate(token);
            RawRequest request = new RawRequest(
                    "POST",
                    "/auth/logout",
                    Map.of("Authorization", List.of("Bearer " + mutant), "Content-Type", List.of("application/json")),
                    new byte[0]);
            AtomicReference<Outcome> checked = new AtomicReference<>();
            List<LogBook.Line> lines = LogBook.during(() -> {
                checked.set(auth.check(request, Access.anyType()));
                tell(told, twin.serve(request)); // it may log out: space around a token in a header is no part of it
            });
            for (LogBook.Line line : lines) {
                told.add(line.text());
                told.add(String.valueOf(line.thrown()));
                cases.count("log lines");
            }
            Outcome outcome = checked.get();
            told.add(shown(outcome));
            outcome.token().ifPresent(verified -> tell(told, verified));
            outcome.refusal().ifPresent(refusal -> tell(told, refusal));
            outcome.response().ifPresent(response -> tell(told, response));
            told.add(shown(auth));
            for (String text : told) {
                if (tells(text, token) || tells(text, mutant)) {
                    throw new AssertionError(mutant + " is told by " + text);
                }
                if (text.chars().anyMatch(c -> c < ' ')) {
                    throw new AssertionError("a second line in " + text);
                }
            }
            cases.count(outcome.admitted() ? "admitted" : "refused");
        });
        if (run.isWhole()) {
            assertThat(run.counted("admitted")).isGreaterThan(run.counted("refused") / 8);
            assertThat(run.counted("log lines")).isGreaterThan(run.counted("refused"));
        }
        Tokens tokens = auth.issue("alice");
        assertThat(tells(tokens.toString(), tokens.accessToken())).isFalse();
        assertThat(shown(auth.parseUnverified(genuine.get(0)))).doesNotContain("alice");
    }

    private static void tell(List<String> told, VerifiedToken token) {
        told.add(token.toString());
        told.add(token.claims().toString());
    }

    private static void tell(List<String> told, AuthException refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            told.add(cause.toString());
            told.add(cause.getMessage());
        }
        refusal.claims().ifPresent(claims -> told.add(claims.toString()));
    }

    private static void tell(List<String> told, AuthResponse response) {
        told.add(shown(response));
        told.add(response.headers().toString());
        told.add(response.body());
    }

    private static String shown(Object any) {
        return any.toString();
    }

    /** Any twelve characters of it in a row. */
    private static boolean tells(String text, String token) {
        for (int at = 0; at + 12 <= token.length(); at += 6) {
            if (text.contains(token.substring(at, at + 12))) {
                return true;
            }
        }
        return false;
    }

    private static AuthException refused(Runnable check, String mutant) {
        try {
            check.run();
        } catch (AuthException e) {
            return e;
        }
        throw new AssertionError("accepted " + mutant);
    }
}
