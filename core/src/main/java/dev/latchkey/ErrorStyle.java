package dev.latchkey;

/** The form of every refusal. */
public enum ErrorStyle {
    /** {@code {"msg": …, "code": …}} with the statuses and challenges of RFC 6750: the default. */
    STANDARD,
    /** The same statuses and challenges with a problem document (RFC 9457). */
    PROBLEM,
    /** Bodies and statuses of Flask-JWT-Extended to the letter, of Flask-JWT for a failed login, without a challenge. */
    ANCESTORS
}
