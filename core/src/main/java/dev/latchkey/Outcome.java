package dev.latchkey;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a check: an admission, with or without a token, or a refusal; and headers to set in either case. An
 * adapter keeps that of an admission with its request, as {@link AuthRequest#before}.
 */
public final class Outcome {

    /** A check that a request has passed. Its method tells whether a cookie had to prove where it came from. */
    private record Met(
            Latchkey auth,
            String method,
            Access access,
            @Nullable VerifiedToken token) {

        boolean covers(Latchkey other, AuthRequest request, Access more) {
            return auth.equals(other) && method.equals(request.method()) && access.covers(more);
        }
    }

    private final @Nullable AuthException refusal;
    private final Map<String, List<String>> headers;
    private final List<Met> met; // the latest first

    private Outcome(@Nullable AuthException refusal, Map<String, List<String>> headers, List<Met> met) {
        this.refusal = refusal;
        this.headers = headers;
        this.met = met;
    }

    static Outcome admitted(Latchkey auth, AuthRequest request, Access access, Admissions.Admission admission) {
        Met now = new Met(auth, request.method(), access, admission.token());
        return new Outcome(null, admission.headers(), latest(now, met(request)));
    }

    static Outcome refused(AuthException refusal, Map<String, List<String>> headers) {
        return new Outcome(refusal, headers, List.of());
    }

    /** The admission that makes a check superfluous: an earlier one by the same Latchkey for all that is demanded. */
    static Optional<Outcome> again(Latchkey auth, AuthRequest request, Access access) {
        List<Met> met = met(request);
        return met.stream()
                .filter(before -> before.covers(auth, request, access))
                .findFirst()
                .map(before -> new Outcome(null, Map.of(), latest(before, met)));
    }

    private static List<Met> met(AuthRequest request) {
        Outcome before = request.before();
        return before == null ? List.of() : before.met;
    }

    private static List<Met> latest(Met now, List<Met> before) {
        return before.isEmpty()
                ? List.of(now)
                : Stream.concat(Stream.of(now), before.stream()).distinct().toList();
    }

    /** Whether the request may go on. */
    public boolean admitted() {
        return refusal == null;
    }

    /** The token of an admitted request; empty on an open route, and on an optional one without a token. */
    public Optional<VerifiedToken> token() {
        return met.stream().findFirst().map(Met::token);
    }

    /**
     * The token of a request, for the handlers of a framework: the latest that the Latchkey which was asked last has
     * found, empty if it found none, or if nothing was kept.
     */
    public static Optional<VerifiedToken> findTokenOf(@Nullable Outcome kept) {
        return kept == null
                ? Optional.empty()
                : kept.met.stream()
                        .filter(check -> check.auth().equals(kept.latchkey()))
                        .map(Met::token)
                        .filter(Objects::nonNull)
                        .findFirst();
    }

    /**
     * The same for handlers that take the token for granted.
     *
     * @throws IllegalStateException if there is none, with the mend
     */
    public static VerifiedToken tokenOf(@Nullable Outcome kept) {
        return findTokenOf(kept)
                .orElseThrow(() -> new IllegalStateException(
                        "there is no token: the route is open or optional; use findToken, or require one"));
    }

    /**
     * Itself, to be kept as {@link AuthRequest#before}.
     *
     * @throws AuthException if it is a refusal
     */
    public Outcome orThrow() {
        if (refusal != null) {
            throw refusal;
        }
        return this;
    }

    /**
     * Who admitted the request: whom a check inside its handler asks, and who answers a refusal of the handler's own.
     *
     * @throws java.util.NoSuchElementException if it is a refusal
     */
    public Latchkey latchkey() {
        return met.iterator().next().auth();
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

    /** Sets them on a response by a framework's own calls: one for the first line of a name, one for each other. */
    public void setHeaders(
            Function<String, ? extends Collection<String>> present,
            BiConsumer<String, String> set,
            BiConsumer<String, String> add) {
        AuthResponse.set(headers(present), set, add);
    }
}
