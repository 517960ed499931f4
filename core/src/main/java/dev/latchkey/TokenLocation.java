package dev.latchkey;

/** A place of a request where a token may stand. */
public enum TokenLocation {
    /** The {@code Authorization} header (RFC 6750 section 2.1): the default. */
    HEADER("headers"),
    /** A cookie that no script can read: with {@link LatchkeyBuilder#cookies}. */
    COOKIE("cookies"),
    /** A parameter of the query, which logs and histories keep (RFC 6750 section 2.3). */
    QUERY("query_string"),
    /** A field of a form in the body, {@code access_token} or {@code refresh_token} (RFC 6750 section 2.2). */
    FORM("form"),
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
