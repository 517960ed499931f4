package dev.latchkey;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** One line for each event, for operators. Never a token, never a value that could forge a second line. */
final class Log {

    private static final System.Logger LOGGER = System.getLogger("dev.latchkey");
    private static final int LONGEST = 200;

    private Log() {}

    static void warn(String message) {
        LOGGER.log(Level.WARNING, message);
    }

    static void info(String message) {
        LOGGER.log(Level.INFO, message);
    }

    /** A refusal: routine ones are INFO, a request without any token DEBUG, a failing store or hook WARNING. */
    static void refused(AuthException refusal, @Nullable AuthRequest request) {
        AuthError error = refusal.error();
        Level level = error == AuthError.UNAVAILABLE
                ? Level.WARNING
                : error == AuthError.TOKEN_MISSING ? Level.DEBUG : Level.INFO;
        if (!LOGGER.isLoggable(level)) {
            return;
        }
        StringBuilder line = new StringBuilder("refused ").append(error.code());
        if (request != null) {
            line.append(" method=").append(escape(request.method()));
            line.append(" path=").append(escape(request.path()));
            line.append(" address=").append(escape(String.valueOf(request.remoteAddress())));
        }
        refusal.claims().ifPresent(claims -> line.append(" jti=").append(escape(claims.id())));
        if (refusal.getCause() == null) {
            LOGGER.log(level, line.toString());
        } else {
            // A stack trace repeats messages as they are, line breaks and all: it is for whoever asks for it.
            Throwable cause = refusal.getCause().getCause();
            line.append(": ").append(refusal.getCause().getMessage());
            LOGGER.log(level, line + (cause == null ? "" : ": " + escape(cause.toString(), ' ')));
            LOGGER.log(Level.DEBUG, "stack trace", refusal.getCause());
        }
    }

    /** Escapes what could end a value or a line. */
    static String escape(String text) {
        return escape(text, '!');
    }

    static String escape(String text, char first) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            char c = text.charAt(i);
            if (c >= first && c < 127) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.length() > LONGEST ? out.append('…').toString() : out.toString();
    }
}
