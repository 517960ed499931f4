package dev.latchkey.testkit;

import dev.latchkey.Access;
import dev.latchkey.AuthResponse;
import dev.latchkey.VerifiedToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request in the hands of a handler, for {@link Route#handle}: each method is one call of adapter or framework. */
public interface Exchange {

    /** The adapter's {@code findToken}. */
    Optional<VerifiedToken> findToken();

    /** The adapter's {@code token}. */
    VerifiedToken token();

    /** The adapter's {@code user}, of class {@code String}. */
    String user();

    /** The user's name as the framework itself knows it, or null; the adapter's if it knows no users. */
    @Nullable
    String principal();

    /** The adapter's {@code check}. */
    Optional<VerifiedToken> check(Access access);

    /** The whole body, as the framework gives it to handlers. */
    byte[] body();

    /** The first value of a field of the form that was sent, as the framework gives it to handlers; null without it. */
    @Nullable
    String formField(String name);

    /** Sets a cookie of the application, as the framework does it. */
    void cookie(String name, String value);

    /** Sets a header of the response. */
    void header(String name, String value);

    /** Answers with this text and status 200. */
    void text(String text);

    /** Sends status 200 and this text at once, as the start of a response. */
    void begin(String text);

    /** The adapter's {@code write}. */
    void write(AuthResponse response);
}
