package dev.latchkey;

import static dev.latchkey.LatchkeyBuilder.nonBlocking;
import static dev.latchkey.LatchkeyBuilder.nonBlockingTest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an adapter on an event loop asks before it checks. */
class EventLoopTest {

    private static LatchkeyBuilder settings() {
        return Latchkey.builder().issuer("notes").key(JwtKey.generate());
    }

    private static boolean blocks(LatchkeyBuilder settings) {
        return settings.build().blocks(Request.get("/me"), Access.required());
    }

    @Test
    void checkWithoutHooksNeverBlocks() {
        assertThat(blocks(settings())).isFalse();
        assertThat(blocks(settings().stateless())).isFalse();
        assertThat(settings().build().blocks(Request.get("/me"), Access.optional()))
                .isFalse();
    }

    @Test
    void everyHookCountsAsBlocking() {
        assertThat(blocks(settings().userLoader(claims -> Optional.of("user")))).isTrue();
        assertThat(blocks(settings().claimsCheck(claims -> true))).isTrue();
        assertThat(blocks(settings().revokedWhen(claims -> false))).isTrue();
        assertThat(blocks(settings().errorResponse((refusal, standard) -> standard)))
                .isTrue();
        assertThat(settings()
                        .build()
                        .blocks(Request.get("/me"), Access.optional().withBadTokenAsAnonymous(refusal -> {})))
                .isTrue();
    }

    @Test
    void hookThatPromisesNotToBlockDoesNotCount() {
        Latchkey auth = settings()
                .userLoader(nonBlocking(claims -> Optional.of("user " + claims.subject())))
                .claimsCheck(nonBlockingTest(claims -> !claims.subject().equals("mallory")))
                .revokedWhen(nonBlockingTest(claims -> false))
                .errorResponse(nonBlocking((refusal, standard) -> standard.withHeader("X-Marked", "yes")))
                .build();

        assertThat(auth.blocks(Request.get("/me"), Access.required())).isFalse();
        assertThat(auth.verify(auth.accessToken("alice")).user(String.class)).isEqualTo("user alice");
        Refusal.expect(AuthError.CLAIMS_REJECTED, () -> auth.verify(auth.accessToken("mallory")));
        assertThat(auth.respond(AuthException.of(AuthError.TOKEN_MISSING)).headers())
                .containsKey("X-Marked");
    }

    @Test
    void routeThatCallsNothingDoesNotBlock() {
        Latchkey auth = settings()
                .userLoader(claims -> Optional.of("user"))
                .revokedWhen(claims -> false)
                .build();

        assertThat(auth.blocks(Request.get("/me"), Access.open())).isFalse();
        assertThat(auth.blocks(Request.get("/me"), Access.required().withoutUser()))
                .isTrue();
        assertThat(auth.blocks(Request.get("/me"), Access.required().withoutRevocationCheck()))
                .isTrue();
        assertThat(auth.blocks(
                        Request.get("/me"), Access.required().withoutUser().withoutRevocationCheck()))
                .isFalse();
    }

    @Test
    void storeBlocksUnlessItSaysOtherwise() {
        assertThat(blocks(settings().store(new NotingStore(Clock.systemUTC())))).isTrue();
        assertThat(settings()
                        .store(new NotingStore(Clock.systemUTC()))
                        .build()
                        .blocks(Request.get("/me"), Access.required().withoutRevocationCheck()))
                .isFalse();
    }
}
