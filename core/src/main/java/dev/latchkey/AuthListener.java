package dev.latchkey;

import java.time.Duration;
import java.util.List;

/**
 * Is told what happens, for metrics, audit and alarms. Every method does nothing unless overridden, is called on the
 * thread of the request, from many at once, and must return at once; what it throws is logged and changes nothing.
 */
public interface AuthListener {

    /** A login, or a call of {@link Latchkey#issue}, opened a session. */
    default void opened(String subject, Session session) {}

    /**
     * A refresh token was exchanged.
     *
     * @param repeated whether it was the one before, and got the same successor once more, as a second tab does
     */
    default void refreshed(String subject, String session, boolean repeated) {}

    /** A refresh token came a second time that had been replaced: somebody holds a copy. Its session was ended. */
    default void reuseDetected(String subject, String session) {}

    /** A session was ended: by a logout, from another device, or to make room for a new one. */
    default void ended(String subject, String session) {}

    /** All sessions of a subject were ended, but for the one that called where it is a password change. */
    default void endedAll(String subject, int sessions) {}

    /** One token was revoked by its id. */
    default void revoked(String subject, String token) {}

    /** A request was refused; {@code unavailable} tells of a store, a hook or a key source that failed. */
    default void refused(AuthException refusal) {}

    /** The keys of a set are others than before, or one was added by {@link Latchkey#rotate}; ids in their order. */
    default void keysChanged(String keys, List<String> ids) {}

    /** A key file or the keys of an issuer could not be read: the last good ones stay, those of an issuer for a time. */
    default void keysFailed(String keys, String why) {}

    /** A token was admitted without the store, as the route allows; the store has been gone for this long. */
    default void admittedWithoutStore(Claims token, Duration outage) {}
}
