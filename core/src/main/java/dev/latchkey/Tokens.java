package dev.latchkey;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a login or a refresh returns. */
public final class Tokens {

    private final Mint.Login login;
    private final String accessToken;
    private final @Nullable String refreshToken;
    private final Instant accessExpiresAt;
    private final Instant refreshExpiresAt;

    Tokens(
            Mint.Login login,
            String accessToken,
            @Nullable String refreshToken,
            Instant accessExpiresAt,
            Instant refreshExpiresAt) {
        this.login = login;
        this.accessToken = accessToken;
        this.refreshToken = refreshToken;
        this.accessExpiresAt = accessExpiresAt;
        this.refreshExpiresAt = refreshExpiresAt;
    }

    /** Whom they are about. */
    public String subject() {
        return login.subject();
    }

    /** The session that both belong to; empty for tokens without one. */
    public Optional<String> sessionId() {
        return Optional.ofNullable(login.session());
    }

    /** The token for every request. */
    public String accessToken() {
        return accessToken;
    }

    /** The token for the next refresh, good for one; empty where the client keeps the one it has. */
    public Optional<String> refreshToken() {
        return Optional.ofNullable(refreshToken);
    }

    /** When both were made, whole seconds. */
    public Instant issuedAt() {
        return login.issuedAt();
    }

    /** When the access token's life ends. */
    public Instant accessExpiresAt() {
        return accessExpiresAt;
    }

    /** The CSRF value of the session, which requests with its cookies must repeat; empty unless it is for cookies. */
    public Optional<String> csrf() {
        return Optional.ofNullable(login.csrf());
    }

    /** When the refresh token's life ends; the access token's, where there is none. */
    Instant refreshExpiresAt() {
        return refreshExpiresAt;
    }

    /** Never shows a token. */
    @Override
    public String toString() {
        return "Tokens[until " + accessExpiresAt + "]";
    }
}
