package dev.latchkey;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a login or a refresh returns. */
public final class Tokens {

    private final String subject;
    private final String accessToken;
    private final @Nullable String refreshToken;
    private final Instant issuedAt;
    private final Instant accessExpiresAt;

    Tokens(
            String subject,
            String accessToken,
            @Nullable String refreshToken,
            Instant issuedAt,
            Instant accessExpiresAt) {
        this.subject = subject;
        this.accessToken = accessToken;
        this.refreshToken = refreshToken;
        this.issuedAt = issuedAt;
        this.accessExpiresAt = accessExpiresAt;
    }

    /** Whom they are about. */
    public String subject() {
        return subject;
    }

    /** The token for every request. */
    public String accessToken() {
        return accessToken;
    }

    /** The token for the next refresh; empty where the client keeps the one it has. */
    public Optional<String> refreshToken() {
        return Optional.ofNullable(refreshToken);
    }

    /** When both were made, whole seconds. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /** When the access token's life ends. */
    public Instant accessExpiresAt() {
        return accessExpiresAt;
    }

    /** Never shows a token. */
    @Override
    public String toString() {
        return "Tokens[until " + accessExpiresAt + "]";
    }
}
