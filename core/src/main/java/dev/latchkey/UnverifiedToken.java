package dev.latchkey;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a string that looks like a token says about itself. Anybody can write one: for debugging only. */
public final class UnverifiedToken {

    private final Map<String, @Nullable Object> header;
    private final Map<String, @Nullable Object> claims;

    UnverifiedToken(Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims) {
        this.header = header;
        this.claims = claims;
    }

    /** The JOSE header, unmodifiable: {@code alg}, {@code kid} and whatever else stands there. */
    public Map<String, @Nullable Object> header() {
        return header;
    }

    /** The alleged claims, unmodifiable. */
    public Map<String, @Nullable Object> claims() {
        return claims;
    }
}
