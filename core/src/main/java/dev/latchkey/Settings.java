package dev.latchkey;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that the builder was told; written by the builder only, which hands out a copy that no one writes. */
final class Settings implements Cloneable {

    /** Longer lives are as good as endless, and need the option that says so. */
    static final Duration MAX_LIFETIME = Duration.ofDays(400);

    @Nullable
    String issuer;

    @Nullable
    KeySet keys;

    List<Issuer> trusted = List.of();

    @Nullable
    Migration migration;

    /** Whose tokens are accepted, and by which keys: what {@code keys} and {@code trusted} became at the start. */
    @Nullable
    Issuers issuers;

    List<String> audience = List.of();
    List<String> acceptedAudience = List.of();
    Duration accessLifetime = Duration.ofMinutes(15);
    Duration refreshLifetime = Duration.ofDays(30);
    Duration sessionLifetime = Duration.ofDays(90);
    Duration shortSessionLifetime = Duration.ofHours(12);
    Duration refreshGrace = Duration.ofSeconds(30);
    int maxSessions = 100;
    boolean unlimitedAllowed;
    Duration leeway = Duration.ofSeconds(5);
    Duration futureLeeway = Duration.ofSeconds(60);

    @Nullable
    Duration notBefore;

    List<String> requiredClaims = List.of();
    String scopeClaim = "scope";
    String roleClaim = "roles";
    Clock clock = Clock.systemUTC();
    Supplier<String> ids = () -> UUID.randomUUID().toString();

    @Nullable
    UserHook<String> identity;

    @Nullable
    UserHook<Map<String, ?>> claims;

    @Nullable
    UserHook<Map<String, ?>> headers;

    @Nullable
    Function<Claims, ? extends Optional<?>> userLoader;

    @Nullable
    Predicate<Claims> claimsCheck;

    @Nullable
    Predicate<Claims> revokedWhen;

    @Nullable
    TokenStore store;

    boolean stateless;
    AuthListener listener = new AuthListener() {};

    List<TokenLocation> locations = List.of(TokenLocation.HEADER);
    boolean locationsNamed;
    String headerName = "Authorization";
    String headerScheme = "Bearer";
    String queryName = "jwt";
    String queryPrefix = "";
    String accessJsonKey = "access_token";
    String refreshJsonKey = "refresh_token";
    int maxBody = AuthRequest.MAX_BODY - 1;
    Cookies cookies = Cookies.create();
    ErrorStyle errorStyle = ErrorStyle.STANDARD;
    String errorMessageKey = "msg";

    @Nullable
    String realm;

    @Nullable
    BiFunction<AuthException, AuthResponse, AuthResponse> errorResponse;

    @Nullable
    Login login;

    boolean endpoints = true;
    String loginPath = "/auth/login";
    String refreshPath = "/auth/refresh";
    String logoutPath = "/auth/logout";
    String sessionsPath = "/auth/sessions";
    String keysPath = "/auth/jwks.json";
    List<String> warnings = new ArrayList<>();

    /** A shallow copy: every value in here is immutable, but for the list of warnings. */
    Settings copy() {
        try {
            Settings copy = (Settings) clone();
            copy.warnings = new ArrayList<>(warnings);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    String issuer() {
        return Objects.requireNonNull(issuer);
    }

    KeySet keySet() {
        return Objects.requireNonNull(keys);
    }

    Issuers issuers() {
        return Objects.requireNonNull(issuers);
    }

    /** How long the longest usual token is accepted. */
    Duration longestLife() {
        Duration lifetime = accessLifetime.compareTo(refreshLifetime) > 0 ? accessLifetime : refreshLifetime;
        return lifetime.plus(leeway).plusSeconds(1);
    }

    /** A new id; without one a token could not be revoked, and nobody would accept it. */
    String newId() {
        String id = ids.get();
        if (id == null || id.isBlank() || !Json.wellFormed(id)) {
            throw new IllegalStateException("idGenerator(…) returned no id: it must make text that never repeats");
        }
        return id;
    }

    /** What tokens say: the issuer itself, where nothing else is set. */
    List<String> audience() {
        return audience.isEmpty() ? List.of(issuer()) : audience;
    }

    List<String> acceptedAudience() {
        return acceptedAudience.isEmpty() ? audience() : acceptedAudience;
    }

    boolean usesCookies() {
        return locations.contains(TokenLocation.COOKIE);
    }

    TokenStore.Subject subject(String name) {
        return new TokenStore.Subject(issuer(), name);
    }

    /** Tells the listener, which has no say in anything. */
    void tell(Consumer<AuthListener> event) {
        try {
            event.accept(listener);
        } catch (Exception e) {
            Log.warn("the listener threw " + Log.escape(e.toString()));
        }
    }

    /** A hook that sees the application's own user object, and only objects of the class it was made for. */
    record UserHook<R>(String name, Class<?> type, Function<Object, ? extends R> function) {

        static <U, R> UserHook<R> of(String name, Class<U> type, Function<? super U, ? extends R> function) {
            return new UserHook<>(name, type, user -> function.apply(type.cast(user)));
        }

        R apply(Object user) {
            if (!type.isInstance(user)) {
                throw new IllegalStateException(name + "(" + type.getSimpleName() + ".class, …) was given a "
                        + user.getClass().getName() + ": issue tokens for a " + type.getSimpleName()
                        + ", and let userLoader(…) return one");
            }
            R result = function.apply(user);
            if (result == null) {
                throw new IllegalStateException(name + "(…) returned null");
            }
            return result;
        }
    }
}
