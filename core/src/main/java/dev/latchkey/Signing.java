package dev.latchkey;

import java.security.Provider;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** What one key does with bytes; for several threads at once. */
interface Signing {

    byte[] sign(byte[] bytes, int length);

    boolean verifies(byte[] bytes, int length, byte[] signature);

    /** False for a public key alone. */
    boolean canSign();

    /** The public half; null for a secret. */
    @Nullable
    PublicKey publicKey();

    /** The same with a JCA provider of the user's choice, or with the JDK's own. */
    Signing with(@Nullable Provider provider);

    /** The same for the same key, and for no other. */
    byte[] fingerprint();
}
