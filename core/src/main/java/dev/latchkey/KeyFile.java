package dev.latchkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys in a file, or in a folder of files: which are there, and since when. */
final class KeyFile implements KeyLoader {

    private static final long LARGEST = 64 * 1024;
    private static final int MOST_FILES = 100;
    private static final List<String> ENDINGS = List.of(".pem", ".json", ".jwk", ".jwks");

    private final Path path;
    private final KeySet set;
    private final Map<String, Instant> since = new LinkedHashMap<>();
    private byte @Nullable [] read;
    private List<KeyRing.Entry> entries = List.of();

    KeyFile(Path path, KeySet set) {
        this.path = path;
        this.set = set;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    private record Source(Path file, String text, Instant modified) {}

    @Override
    public List<KeyRing.Entry> load(Instant now) {
        boolean folder = Files.isDirectory(path);
        List<Source> sources = folder ? files() : List.of(source(path));
        byte[] digest = JwtKey.sha256(sources.stream()
                .map(source -> source.file() + "\0" + source.text())
                .reduce("", (all, one) -> all + "\0" + one)
                .getBytes(StandardCharsets.UTF_8));
        if (Arrays.equals(digest, read)) {
            return entries;
        }
        boolean first = read == null;
        List<KeyRing.Entry> found = new ArrayList<>();
        for (Source source : sources) {
            List<JwtKey> keys = named(source.file(), () -> keys(source));
            for (JwtKey key : keys) {
                // Of a set that was there before us the newest key may be one that others have not seen yet.
                boolean news = !first || folder || (key.equals(keys.get(0)) && keys.size() > 1);
                Instant seen = !news ? Instant.MIN : first && source.modified().isBefore(now) ? source.modified() : now;
                found.add(new KeyRing.Entry(key, from(key, seen)));
            }
        }
        List<JwtKey> keys = found.stream().map(KeyRing.Entry::key).toList();
        KeySet.checkDistinct(keys);
        if (keys.stream().noneMatch(JwtKey::canSign)) {
            throw new IllegalArgumentException(
                    "found no private key in " + name(path) + ": make one with openssl genpkey");
        }
        since.keySet().retainAll(keys.stream().map(KeyFile::print).toList());
        found.forEach(entry -> since.put(print(entry.key()), entry.from()));
        read = digest;
        entries = List.copyOf(found);
        return entries;
    }

    private Instant from(JwtKey key, Instant seen) {
        return key.signsFrom()
                .orElseGet(() -> Optional.ofNullable(since.get(print(key)))
                        .orElse(seen.equals(Instant.MIN) ? Instant.EPOCH : seen.plus(set.activationDelay())));
    }

    private static String print(JwtKey key) {
        return HexFormat.of().formatHex(key.fingerprint());
    }

    /** The newest first, by name: of two that sign from the same moment it is the one that does. */
    private List<Source> files() {
        try (Stream<Path> all = Files.list(path)) {
            List<Path> files = all.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith(".")
                            && ENDINGS.stream().anyMatch(file.toString()::endsWith))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            if (files.isEmpty() || files.size() > MOST_FILES) {
                throw new IllegalArgumentException("found " + files.size() + " files that end in "
                        + String.join(", ", ENDINGS) + " in " + name(path) + ", expected 1 to " + MOST_FILES);
            }
            return files.stream().map(KeyFile::source).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source source(Path file) {
        return named(file, () -> {
            try {
                return new Source(
                        file, text(file), Files.getLastModifiedTime(file).toInstant());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private List<JwtKey> keys(Source source) {
        if (!source.text().stripLeading().startsWith("{")) {
            return List.of(Pem.key(source.text(), set.ofRsa()));
        }
        Map<String, @Nullable Object> members = Jwk.members(source.text());
        List<?> entries = Jwk.entries(members).orElse(List.of(members));
        return entries.stream()
                .map(entry -> {
                    if (entry instanceof Map<?, ?> key) {
                        return Jwk.key(key, set.ofRsa());
                    }
                    throw new IllegalArgumentException("a key of a set is a JSON object (RFC 7517 section 5.1)");
                })
                .toList();
    }

    /** What was read of a file of at most 64 KiB, one byte a character. */
    static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException("it has " + Files.size(file) + " bytes: no key is that large");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls what reads a file, which every message of it then names. */
    static <T> T named(Path file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException("key file " + name(file) + " cannot be read: "
                    + Objects.requireNonNull(e.getCause()).getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key file " + name(file) + ": " + e.getMessage());
        }
    }

    /** Who mixes up two variables hands over the key itself. */
    static String name(Path file) {
        String name = file.toString();
        return name.contains("-----") || name.length() > 1000 ? "(its name looks like a key)" : Log.escape(name);
    }

    /** Why a reading failed, for operators; others' words may hold anything. */
    static String words(Exception failure) {
        return failure instanceof IllegalArgumentException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName()
                        + (failure.getMessage() == null ? "" : " " + Log.escape(failure.getMessage(), ' '));
    }

    /** The key pair of this alias, or the only one. */
    static JwtKey pkcs12(String algorithm, Path file, char[] password, @Nullable String alias) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            List<String> pairs = new ArrayList<>();
            for (String name : Collections.list(store.aliases())) {
                if (store.entryInstanceOf(name, KeyStore.PrivateKeyEntry.class)) {
                    pairs.add(name);
                }
            }
            if (alias == null ? pairs.size() != 1 : !pairs.contains(alias)) {
                throw new IllegalArgumentException("found the key pairs " + pairs + ", expected "
                        + (alias == null ? "one: name its alias" : "one of the alias " + Log.escape(alias))
                        + "; openssl pkcs12 -export -inkey key.pem -in certificate.pem -out keys.p12 writes one");
            }
            String found = alias == null ? pairs.get(0) : alias;
            return JwtKey.of(algorithm, new KeyPair(store.getCertificate(found).getPublicKey(), (PrivateKey)
                    store.getKey(found, password)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("found no PKCS#12 key store that this password opens ("
                    + e.getClass().getSimpleName()
                    + "): openssl pkcs12 -info -noout -in keys.p12 tells whether it is one");
        }
    }
}
