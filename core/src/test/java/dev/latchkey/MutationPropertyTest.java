package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is one string: any other is refused, and none of it is ever told. */
class MutationPropertyTest {

    private final Map<String, Subject> subjects = new HashMap<>();

    private Subject subject(String algorithm) {
        return subjects.computeIfAbsent(algorithm, Subject::of);
    }

    /** One algorithm: tokens, and two that accept them. */
    private record Subject(Latchkey auth, Latchkey twin, List<String> genuine) {

        static Subject of(String algorithm) {
            KeySet keys = KeySet.of(
                    AllKeys.key(algorithm).withId("now"),
                    AllKeys.otherKey(algorithm).withId("before"));
            Latchkey auth = Latchkey.builder().issuer("notes").keys(keys).build();
            Latchkey twin = Latchkey.builder().issuer("notes").keys(keys).build();
            Grant grant = Grant.create().claim("deep", List.of(Map.of("a", 1))).header("x", "y");
            return new Subject(
                    auth,
                    twin,
                    List.of(
                            auth.accessToken("alice"),
                            auth.refreshToken("alice"),
                            auth.accessToken("b", grant),
                            auth.issue("alice").accessToken()));
        }

        String any(SplittableRandom random) {
            return genuine.get(random.nextInt(genuine.size()));
        }
    }

    @Test
    void everyMutantIsRefused() {
        Cases run = Cases.run("everyMutantIsRefused", (random, cases) -> {
            String algorithm = AllKeys.algorithm(random);
            Subject subject = subject(algorithm);
            Latchkey auth = subject.auth();
            String mutant = new Mutations(random).mutate(subject.any(random));
            cases.count(algorithm);
            if (subject.genuine().contains(mutant)) {
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
            assertThat(AllKeys.ALGORITHMS).allMatch(algorithm -> run.counted(algorithm) > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void everyOneBitAndOneCharacterChangeIsRefused(String algorithm) {
        Latchkey auth = subject(algorithm).auth();
        for (String token : subject(algorithm).genuine()) {
            for (int at = 0; at < token.length(); at++) {
                for (int bit = 0; bit < 16; bit++) {
                    String mutant = flipped(token, at, bit);
                    refused(() -> auth.verify(mutant, Access.anyType()), mutant);
                }
                String cut = token.substring(0, at);
                refused(() -> auth.verify(cut, Access.anyType()), cut);
            }
        }
    }

    /** A shorter token, as these take their time; of curves one bit of a character, of slow ones of every third. */
    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void everyOneBitAndOneCharacterChangeOfASignedPairIsRefused(String algorithm) {
        JwtKey key = AllKeys.key(algorithm);
        KeySet keys = KeySet.of(key);
        String token = Jws.sign(Map.of("alg", algorithm), Map.of("a", 1), key);
        Jws unused = Forge.verify(Jws.parse(token), keys);
        boolean curve = algorithm.startsWith("E");
        int step = algorithm.equals("ES384") || algorithm.equals("ES512") ? 3 : 1;
        for (int at = 0; at < token.length(); at += step) {
            for (int bit = curve ? at % 7 : 0; bit < (curve ? at % 7 + 1 : 16); bit++) {
                String mutant = flipped(token, at, bit);
                refused(() -> Forge.verify(Jws.parse(mutant), keys), mutant);
            }
            String cut = token.substring(0, at);
            refused(() -> Forge.verify(Jws.parse(cut), keys), cut);
        }
    }

    private static String flipped(String token, int at, int bit) {
        return token.substring(0, at) + (char) (token.charAt(at) ^ 1 << bit) + token.substring(at + 1);
    }

    @Test
    void noTokenIsToldByAnExceptionAStringOrTheLog() {
        Cases run = Cases.run("noTokenIsToldByAnExceptionAStringOrTheLog", (random, cases) -> {
            List<String> told = new ArrayList<>();
            String algorithm = AllKeys.algorithm(random);
            Subject subject = subject(algorithm);
            Latchkey auth = subject.auth();
            String token = subject.any(random);
            String mutant = random.nextInt(4) == 0 ? token : new Mutations(random).mutate(token);
            RawRequest request = new RawRequest(
                    "POST",
                    "/auth/logout",
                    Map.of("Authorization", List.of("Bearer " + mutant), "Content-Type", List.of("application/json")),
                    new byte[0]);
            AtomicReference<Outcome> checked = new AtomicReference<>();
            List<LogBook.Line> lines = LogBook.during(() -> {
                checked.set(auth.check(request, Access.anyType()));
                tell(
                        told,
                        subject.twin()
                                .serve(request)); // it may log out: space around a token in a header is no part of it
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
            cases.count(algorithm);
        });
        if (run.isWhole()) {
            assertThat(run.counted("admitted")).isGreaterThan(run.counted("refused") / 8);
            assertThat(run.counted("log lines")).isGreaterThan(run.counted("refused"));
        }
        Latchkey auth = subject("HS256").auth();
        Tokens tokens = auth.issue("alice");
        assertThat(tells(tokens.toString(), tokens.accessToken())).isFalse();
        assertThat(shown(auth.parseUnverified(tokens.accessToken()))).doesNotContain("alice");
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
