package dev.latchkey.example;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.latchkey.JwtKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret for a machine where nobody set one: made once, kept in a file that its owner alone can read. */
final class DevelopmentSecret {

    private static final Logger LOG = LoggerFactory.getLogger(DevelopmentSecret.class);
    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private DevelopmentSecret() {}

    static JwtKey in(Path home) {
        Path file = home.resolve("development-secret");
        try {
            if (Files.exists(file)) {
                JwtKey key = read(file);
                LOG.info("signing with the development secret in {}", file);
                return key;
            }
            byte[] secret = new byte[BYTES];
            new SecureRandom().nextBytes(secret);
            write(file, secret);
            LOG.info("made a development secret in {}: set JWT_SECRET_KEY for anything but development", file);
            return JwtKey.hs256(secret);
        } catch (IOException e) {
            throw new StartException("the development secret " + file + " cannot be read or made ("
                    + e.getClass().getSimpleName() + "). Set JWT_SECRET_KEY, or LATCHKEY_HOME to a folder of yours.");
        }
    }

    private static JwtKey read(Path file) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (posix != null && !OWNER.containsAll(posix.readAttributes().permissions())) {
            throw new StartException("others can read or change the development secret, and so sign in as anybody: "
                    + "run 'chmod 600 " + file + "', or delete it if this is not only your machine.");
        }
        try {
            byte[] secret = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
            if (secret.length == BYTES) {
                return JwtKey.hs256(secret);
            }
        } catch (IllegalArgumentException e) {
            // Told below, without a word of what the file holds.
        }
        throw new StartException(
                file + " does not hold " + BYTES + " bytes in Base64. Delete it, and a new one is made.");
    }

    /** The file is the owner's alone before there is anything in it. */
    private static void write(Path file, byte[] secret) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, Set.of(CREATE_NEW, WRITE), DataFolder.ownerOnly(file, "rw-------"))) {
            AclFileAttributeView acl = Files.getFileAttributeView(file, AclFileAttributeView.class);
            if (acl != null) { // Windows
                acl.setAcl(List.of(AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(acl.getOwner())
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .build()));
            }
            String text = Base64.getEncoder().encodeToString(secret) + "\n";
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
    }
}
