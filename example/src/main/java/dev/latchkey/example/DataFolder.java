package dev.latchkey.example;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Supplier;

/** The folder with database and development secret, which copies of the application may share. */
final class DataFolder {

    private DataFolder() {}

    /** Makes the folder if need be, and acts while no other copy does: what the first makes, the next finds. */
    static <T> T alone(Path home, Supplier<T> action) {
        make(home);
        try (FileChannel turn =
                FileChannel.open(home.resolve("starting"), Set.of(CREATE, WRITE), ownerOnly(home, "rw-------"))) {
            turn.lock(); // until the channel is closed
            return action.get();
        } catch (IOException e) {
            throw unusable(home, e);
        }
    }

    private static void make(Path home) {
        try {
            Files.createDirectories(home.toAbsolutePath().getParent());
            Files.createDirectory(home, ownerOnly(home, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(home)) {
                throw new StartException("LATCHKEY_HOME is " + home + ", which is a file. Name a folder.");
            }
        } catch (IOException e) {
            throw unusable(home, e);
        }
    }

    private static StartException unusable(Path home, IOException e) {
        return new StartException("the data folder " + home + " cannot be made or written to ("
                + e.getClass().getSimpleName() + "). Set LATCHKEY_HOME to a folder that you can write to.");
    }

    /** Permissions from the first moment on, where the file system has them. */
    static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
