package dev.latchkey;

import static dev.latchkey.AuthError.REFRESH_TOKEN_REUSED;
import static dev.latchkey.AuthError.TOKEN_REVOKED;
import static dev.latchkey.AuthError.USER_NOT_FOUND;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The life of a session, from the login to its end; every change is one step of the store. */
final class Sessions {

    private static final int TRIES = 3;

    private final Settings settings;
    private final Mint mint;

    Sessions(Settings settings, Mint mint) {
        this.settings = settings;
        this.mint = mint;
    }

    /** The store, or an {@link IllegalStateException} where there is none. */
    TokenStore store() {
        if (settings.store == null) {
            throw new IllegalStateException("stateless() gave up sessions and revocation: leave it out");
        }
        return settings.store;
    }

    long generation(TokenStore.Subject subject) {
        TokenStore store = settings.store;
        return store == null ? 0 : Checks.asked(() -> store.generation(subject));
    }

    record LoggedIn(Object user, Tokens tokens) {}

    /**
     * Opens a session for whoever this finds, unless all sessions of that subject are ended meanwhile: a password that
     * was right before counts no more. Only a check of the password that begins after the generation was read tells; as
     * a generation never lies below the second in which it rose, a first check needs no second one where that is past.
     */
    LoggedIn logIn(Supplier<Object> authenticate, Grant grant) {
        Instant begin = settings.clock.instant();
        Object user = authenticate.get();
        for (int i = 0; i < TRIES; i++) {
            long generation = generation(settings.subject(mint.subject(user)));
            if (i > 0 || generation >= begin.minus(settings.futureLeeway).getEpochSecond()) {
                user = authenticate.get();
            }
            Optional<Tokens> tokens = open(user, grant, generation);
            if (tokens.isPresent()) {
                return new LoggedIn(user, tokens.get());
            }
        }
        throw endedAgain();
    }

    private static AuthException endedAgain() {
        return AuthException.unavailable("the sessions of one subject were ended again and again", null);
    }

    /** Opens a session as of now. */
    Tokens open(Object user, Grant grant) {
        TokenStore.Subject subject = settings.subject(mint.subject(user));
        for (int i = 0; i < TRIES; i++) {
            Optional<Tokens> tokens = open(user, grant, generation(subject));
            if (tokens.isPresent()) {
                return tokens.get();
            }
        }
        throw endedAgain();
    }

    /** Opens a session, unless all sessions of the subject were ended since its generation was read. */
    Optional<Tokens> open(Object user, Grant grant, long generation) {
        Instant now = settings.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (grant.isUnlimited()) {
            throw new IllegalArgumentException("a session ends: use accessToken(…) for a token that never expires");
        }
        Duration refresh = within(settings.sessionLifetime, grant.refreshLifetime(), settings.refreshLifetime);
        Duration access = within(refresh, grant.lifetime(), settings.accessLifetime);
        Instant end = Mint.later(now, grant.isRemembered() ? settings.sessionLifetime : settings.shortSessionLifetime);
        String id = settings.newId();
        Mint.Login login = mint.login(user, mint.subject(user), grant, now, now, settings.store == null ? null : id);
        TokenStore.RefreshToken first =
                new TokenStore.RefreshToken(settings.newId(), now, earlier(Mint.later(now, refresh), end));
        Session session = new Session(id, grant.label(), now, now, end);
        TokenStore store = settings.store;
        if (store != null) {
            TokenStore.Subject subject = settings.subject(login.subject());
            Optional<List<String>> opened =
                    Checks.asked(() -> store.open(subject, generation, session, first, settings.maxSessions));
            if (opened.isEmpty()) {
                return Optional.empty();
            }
            settings.tell(listener -> listener.opened(login.subject(), session));
            opened.get().forEach(ended -> ended(login.subject(), ended));
        }
        return Optional.of(tokens(
                renewable(login, first, grant.lifetime().isEmpty()),
                login,
                access,
                grant.fresh().orElse(true),
                first));
    }

    /** No longer than the browser keeps the refresh and CSRF cookies. */
    private Instant renewableUntil(TokenStore.RefreshToken refresh) {
        return settings.cookies
                .maxAge()
                .map(most -> earlier(settings.clock.instant().plus(most), refresh.expiresAt()))
                .orElse(refresh.expiresAt());
    }

    /** What the settings say is cut to fit, what a call asks for is refused. */
    private static Duration within(Duration most, Optional<Duration> asked, Duration usual) {
        if (asked.filter(lifetime -> lifetime.compareTo(most) > 0).isPresent()) {
            throw new IllegalArgumentException("a lifetime of " + asked.get() + " is more than " + most + ": no access "
                    + "token outlives the refresh token of its session, nor that one the session; raise "
                    + "refreshLifetime(…) or sessionLifetime(…)");
        }
        return asked.orElse(usual.compareTo(most) > 0 ? most : usual);
    }

    private Tokens refreshed(Mint.Login login, TokenStore.RefreshToken refresh) {
        return tokens(renewable(login, refresh, true), login, settings.accessLifetime, false, refresh);
    }

    /** What an access cookie says besides, unless the call asked for a lifetime of its own. */
    private Mint.Login renewable(Mint.Login login, TokenStore.RefreshToken refresh, boolean usual) {
        return usual && login.csrf() != null && settings.cookies.renewal().isPresent()
                ? login.withClaim(Mint.RENEWABLE_UNTIL, renewableUntil(refresh).getEpochSecond())
                : login;
    }

    private Tokens tokens(
            Mint.Login ofAccess, Mint.Login login, Duration access, Object fresh, TokenStore.RefreshToken refresh) {
        Instant end = earlier(Mint.later(login.issuedAt(), access), refresh.expiresAt());
        return new Tokens(
                login,
                mint.token("access", ofAccess, settings.newId(), login.issuedAt(), end, fresh),
                mint.token("refresh", login, refresh.id(), refresh.issuedAt(), refresh.expiresAt(), false),
                end,
                refresh.expiresAt());
    }

    /**
     * Exchanges a refresh token that was checked in all but the store: it is asked last, and at once exchanges the token,
     * so that no refusal after it can lose the successor. What cannot be handed out fails before, as the proposal does.
     */
    Tokens refresh(VerifiedToken old, Consumer<Tokens> handOut) {
        Object user = settings.userLoader == null ? old.subject() : old.user(Object.class);
        Instant now = settings.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String session = old.claims().sessionId().orElse(null);
        Instant loggedIn = old.claims().authenticatedAt().orElse(null);
        // Not before the old one, which may be dated to the second after a generation.
        Instant issuedAt =
                now.isAfter(old.claims().issuedAt()) ? now : old.claims().issuedAt();
        Mint.Login login = mint.login(user, old.subject(), Grant.create(), issuedAt, loggedIn, session)
                .withCsrf(csrf(old));
        TokenStore store = settings.store;
        if (store == null || session == null) {
            Instant end = Mint.later(issuedAt, settings.accessLifetime);
            String access = mint.token("access", login, settings.newId(), issuedAt, end, false);
            return new Tokens(login, access, null, end, end);
        }
        Duration lifetime = Duration.between(old.claims().issuedAt(), old.expiresAt());
        TokenStore.RefreshToken proposed =
                new TokenStore.RefreshToken(settings.newId(), issuedAt, Mint.later(issuedAt, lifetime));
        handOut.accept(refreshed(login, proposed));
        TokenStore.Rotation rotation = Checks.asked(() ->
                store.rotate(settings.subject(old.subject()), session, old.id(), proposed, settings.refreshGrace));
        switch (rotation.presented()) {
            case REUSED -> {
                Log.warn("refresh token reused, session ended: id=" + Log.escape(session) + " subject="
                        + Log.escape(old.subject()));
                settings.tell(listener -> listener.reuseDetected(old.subject(), session));
                throw AuthException.of(REFRESH_TOKEN_REUSED, REFRESH_TOKEN_REUSED.message(), old.claims());
            }
            case ENDED -> throw AuthException.of(TOKEN_REVOKED, TOKEN_REVOKED.message(), old.claims());
            case ROTATED, REPEATED ->
                settings.tell(listener -> listener.refreshed(
                        old.subject(), session, rotation.presented() == TokenStore.Presented.REPEATED));
        }
        return refreshed(login, Objects.requireNonNull(rotation.current()));
    }

    /** One value for the whole session; a cookie that bears none, made without protection, gets one now. */
    private @Nullable String csrf(VerifiedToken old) {
        boolean byCookie = old.location().equals(Optional.of(TokenLocation.COOKIE));
        return old.csrf().orElseGet(() -> byCookie ? mint.newCsrf() : null);
    }

    /** A user who does not exist any more has no session either. */
    VerifiedToken checkedForRefresh(Supplier<VerifiedToken> check) {
        try {
            return check.get();
        } catch (AuthException e) {
            if (e.error() == USER_NOT_FOUND && settings.store != null) {
                e.claims().ifPresent(this::logout);
            }
            throw e;
        }
    }

    /** Revokes one token. A refresh token is its session's only way on, and takes the session with it. */
    void revoke(Claims claims) {
        TokenStore store = store();
        if (claims.type().equals("refresh") && claims.sessionId().isPresent()) {
            end(claims, claims.sessionId().get());
            return;
        }
        Instant end = (claims.isOurs() ? claims.instant(Mint.RENEWABLE_UNTIL) : Optional.<Instant>empty())
                .orElse(claims.expiresAt());
        storing(() -> store.revoke(claims.storeSubject(), claims.id(), end));
        Log.info("revoked id=" + Log.escape(claims.id()));
        settings.tell(listener -> listener.revoked(claims.subject(), claims.id()));
    }

    /** Ends the session of a token, or the token itself if it has none; nothing where there is no store. */
    void logout(Claims claims) {
        if (settings.store != null) {
            claims.sessionId().ifPresentOrElse(session -> end(claims, session), () -> revoke(claims));
        }
    }

    private void end(Claims claims, String session) {
        boolean unused = end(claims.storeSubject(), session);
    }

    /** Ends a session whose tokens could not be handed out. */
    void forget(String subject, String session) {
        boolean unused = end(settings.subject(subject), session);
    }

    /** Ends one session; false if the subject has no such. */
    boolean end(TokenStore.Subject subject, String session) {
        TokenStore store = store();
        boolean known = Checks.asked(() -> store.end(subject, session));
        if (known) {
            ended(subject.name(), session);
        }
        return known;
    }

    private void ended(String subject, String session) {
        Log.info("session ended id=" + Log.escape(session));
        settings.tell(listener -> listener.ended(subject, session));
    }

    /** Ends all sessions of a subject, but the one to keep. */
    int endAll(TokenStore.Subject subject, @Nullable String keep) {
        TokenStore store = store();
        Duration longest = settings.unlimitedAllowed
                ? Duration.between(settings.clock.instant(), Instant.ofEpochSecond(ClaimRules.LATEST))
                : Settings.MAX_LIFETIME;
        int sessions = Checks.asked(
                () -> store.endAll(subject, keep, settings.clock.instant().plus(longest)));
        Log.info("ended " + sessions + " sessions of subject=" + Log.escape(subject.name()));
        settings.tell(listener -> listener.endedAll(subject.name(), sessions));
        return sessions;
    }

    List<Session> of(TokenStore.Subject subject) {
        TokenStore store = store();
        return Checks.asked(() -> store.sessions(subject));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static void storing(Runnable write) {
        boolean unused = Checks.asked(() -> {
            write.run();
            return true;
        });
    }

    /** Ends all of a subject but the session of this token; another issuer's subject may have the name of one of ours. */
    int endOthers(Claims current) {
        if (!current.isOurs()) {
            throw new IllegalArgumentException("the token is another issuer's, whose subjects have no sessions here");
        }
        return endAll(current.storeSubject(), current.sessionId().orElse(null));
    }
}
