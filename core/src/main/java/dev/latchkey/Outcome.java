package dev.latchkey;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of a check: an admission, with or without a token, or a refusal; and headers to set in either case. */
public final class Outcome {

    private final @Nullable VerifiedToken token;
    private final @Nullable AuthException refusal;
    private final Map<String, List<String>> headers;

    private Outcome(@Nullable VerifiedToken token, @Nullable AuthException refusal, Map<String, List<String>> headers) {
        this.token = token;
        this.refusal = refusal;
        this.headers = headers;
    }

    static Outcome admitted(@Nullable VerifiedToken token, Map<String, List<String>> headers) {
        return new Outcome(token, null, headers);
    }

    static Outcome refused(AuthException refusal, Map<String, List<String>> headers) {
        return new Outcome(null, refusal, headers);
    }

    /** Whether the request may go on. */
    public boolean admitted() {
        return refusal == null;
    }

    /** The token of an admitted request; empty on an open route, and on an optional one without a token. */
    public Optional<VerifiedToken> token() {
        return Optional.ofNullable(token);
    }

    /** Why the request was refused; empty if it was admitted. */
    public Optional<AuthException> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The response to write instead of calling the handler; empty if the request was admitted. */
    public Optional<AuthResponse> response() {
        return refusal().flatMap(AuthException::response);
    }

    /** Headers to add to the response, whoever writes it. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The same with what a response has already, as an adapter sets them: each name with all of its lines. */
    public Map<String, List<String>> headers(Function<String, ? extends Collection<String>> present) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, lines) -> all.put(
                name,
                name.equals(SetCookie.NAME)
                        ? SetCookie.besides(present.apply(name), lines)
                        : Stream.concat(present.apply(name).stream(), lines.stream())
                                .distinct()
                                .toList()));
        return all;
    }
}
