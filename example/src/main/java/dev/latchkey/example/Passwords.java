package dev.latchkey.example;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;

/**
 * Hashes passwords with Argon2id at the cost that OWASP asks for at least: 19 MiB, 2 passes, 1 lane.
 *
 * <p>The cost is fixed here, not read from a file, so that the hash checked for an unknown user costs what a stored one
 * does.
 */
final class Passwords {

    static final int SHORTEST = 12;
    static final int LONGEST = 128;

    private static final int SALT_BYTES = 16;
    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    String hash(String password) {
        return Password.hash(password).addRandomSalt(SALT_BYTES).with(ARGON2ID).getResult();
    }

    /** Reads the cost from the hash, so that older ones still fit after the cost was raised. */
    boolean matches(String password, String hash) {
        return Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash));
    }

    /** Long enough to be worth hashing, and short enough that hashing it is no attack. */
    static boolean isAcceptable(String password) {
        return password.length() >= SHORTEST && password.length() <= LONGEST && !password.isBlank();
    }
}
