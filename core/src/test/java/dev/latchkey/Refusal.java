package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects an {@link AuthException} and no other. */
final class Refusal {

    private Refusal() {}

    static AuthException expect(AuthError error, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(AuthException.class);
        AuthException refusal = (AuthException) thrown;
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
        return refusal;
    }

    static void expect(AuthError error, String message, ThrowingCallable call) {
        assertThat(expect(error, call)).hasMessage(message);
    }
}
