package dev.latchkey;

/** A place of a request where a token may stand. */
public enum TokenLocation {
    /** The {@code Authorization} header (RFC 6750 section 2.1): the default. */
    HEADER("headers"),
    /** A member of a JSON object in the body, {@code access_token} or {@code refresh_token}. */
    JSON("json");

    private final String label;

    TokenLocation(String label) {
        this.label = label;
    }

    /** The word for it in messages. */
    String label() {
        return label;
    }
}
