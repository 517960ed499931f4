package dev.latchkey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys, each with the moment from which it signs: who signs, and who is still accepted, follows from the time alone. */
final class KeyRing {

    /** A key and the moment from which it signs; it is accepted and published before. */
    record Entry(JwtKey key, Instant from) {}

    /** What holds between two moments. */
    record View(
            Instant since,
            Instant until,
            @Nullable JwtKey signing,
            List<JwtKey> accepted,
            Map<String, List<JwtKey>> byId,
            List<JwtKey> ofAnyId) {

        boolean bears(String id) {
            return byId.containsKey(id);
        }

        /** The keys that may have signed a token with this id; who only verifies and has no id answers to any. */
        List<JwtKey> candidates(@Nullable String id) {
            return id == null ? accepted : byId.getOrDefault(id, ofAnyId);
        }

        boolean accepts(@Nullable Object algorithm) {
            return accepted.stream().anyMatch(key -> key.accepts(algorithm));
        }
    }

    private final List<Entry> entries;
    private final Duration retireAfter;
    private volatile View view;

    /**
     * Of two keys that sign from the same moment the first is the one that does.
     *
     * @param retireAfter how long a key is accepted after a later one has taken its place
     */
    KeyRing(List<Entry> entries, Duration retireAfter) {
        this.entries = List.copyOf(entries);
        this.retireAfter = retireAfter;
        this.view = viewAt(Instant.EPOCH);
    }

    List<Entry> entries() {
        return entries;
    }

    KeyRing with(Entry next) {
        return new KeyRing(Stream.concat(Stream.of(next), entries.stream()).toList(), retireAfter);
    }

    View at(Instant now) {
        View current = view;
        if (now.isBefore(current.since()) || !now.isBefore(current.until())) {
            current = viewAt(now);
            view = current;
        }
        return current;
    }

    private View viewAt(Instant now) {
        List<Entry> accepted =
                entries.stream().filter(entry -> now.isBefore(end(entry))).toList();
        List<JwtKey> keys = accepted.stream().map(Entry::key).toList();
        Map<String, List<JwtKey>> byId = new LinkedHashMap<>();
        keys.forEach(key -> key.id()
                .ifPresent(id ->
                        byId.computeIfAbsent(id, first -> new ArrayList<>()).add(key)));
        return new View(
                entries.stream()
                        .flatMap(this::changes)
                        .filter(at -> !at.isAfter(now))
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.MIN),
                entries.stream()
                        .flatMap(this::changes)
                        .filter(at -> at.isAfter(now))
                        .min(Comparator.naturalOrder())
                        .orElse(Instant.MAX),
                signing(accepted, now).orElse(null),
                keys,
                byId,
                keys.stream()
                        .filter(key -> key.id().isEmpty() && !key.canSign())
                        .toList());
    }

    private Stream<Instant> changes(Entry entry) {
        return Stream.of(entry.from(), end(entry));
    }

    /** The latest of those whose time has come; where it has for none, the earliest: the others may be unknown yet. */
    private static Optional<JwtKey> signing(List<Entry> accepted, Instant now) {
        Entry latest = null;
        Entry earliest = null;
        for (Entry entry : accepted) {
            if (!entry.key().canSign()) {
                continue;
            }
            if (!entry.from().isAfter(now) && (latest == null || entry.from().isAfter(latest.from()))) {
                latest = entry;
            }
            if (earliest == null || !entry.from().isAfter(earliest.from())) {
                earliest = entry;
            }
        }
        return Optional.ofNullable(latest == null ? earliest : latest).map(Entry::key);
    }

    /** Its own end, or when the last token expired that it signed before a later key took its place. */
    private Instant end(Entry entry) {
        Instant own = entry.key().acceptedUntil().orElse(Instant.MAX);
        return entries.stream()
                .filter(other -> other.key().canSign() && entry.key().canSign())
                .map(Entry::from)
                .filter(from -> from.isAfter(entry.from()))
                .min(Comparator.naturalOrder())
                .map(replaced -> replaced.plus(retireAfter))
                .filter(retired -> retired.isBefore(own))
                .orElse(own);
    }
}
