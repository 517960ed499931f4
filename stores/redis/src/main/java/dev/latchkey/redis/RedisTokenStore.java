package dev.latchkey.redis;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and revocations on Redis 6.2 or later, shared by all nodes: {@code RedisTokenStore.of("redis://localhost")}.
 * It connects with the first call, and reads from masters only.
 */
public final class RedisTokenStore implements TokenStore {

    /** The last second of the year 9999, the latest that a token may name. */
    private static final long LATEST = 253_402_300_799L;

    private final Servers servers;
    private final Clock clock;
    private final Link link;

    private RedisTokenStore(Servers servers, Duration timeout, Clock clock) {
        this.servers = servers;
        this.clock = clock;
        link = new Link(servers, timeout);
    }

    private static RedisTokenStore at(Servers servers) {
        return new RedisTokenStore(servers, Duration.ofSeconds(1), Clock.systemUTC());
    }

    /**
     * A single server, {@code redis://user:password@host:6379/0} or {@code rediss://…} for TLS, or what Sentinels watch,
     * {@code redis-sentinel://host:26379,host:26379#master}.
     */
    public static RedisTokenStore of(String address) {
        return at(Servers.at(false, address));
    }

    /** A Redis Cluster, found from the addresses of some of its nodes. */
    public static RedisTokenStore cluster(String... addresses) {
        return at(Servers.at(true, addresses));
    }

    /** The server that this client was made for; its own options apply, and it stays open. */
    public static RedisTokenStore of(RedisClient client) {
        return at(new Servers(List.of(), false, client));
    }

    /** The cluster that this client was made for; its own options apply, and it stays open. */
    public static RedisTokenStore of(RedisClusterClient client) {
        return at(new Servers(List.of(), true, client));
    }

    /** A copy that waits this long for an answer, instead of one second, before a request is refused with 503. */
    public RedisTokenStore withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", needs to be positive");
        }
        return new RedisTokenStore(servers, timeout, clock);
    }

    RedisTokenStore withClock(Clock node) {
        return new RedisTokenStore(servers, Duration.ofSeconds(1), node);
    }

    @Override
    public long generation(Subject subject) {
        return seconds(link.ask(redis -> redis.hmget(key(subject), "g")).get(0));
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        List<String> answer = run(
                "open",
                subject,
                generation,
                most,
                session.id(),
                session.label(),
                session.startedAt(),
                session.usedAt(),
                session.endsAt(),
                first.id(),
                first.issuedAt(),
                first.expiresAt());
        return answer.get(0).equals("opened") ? Optional.of(answer.subList(1, answer.size())) : Optional.empty();
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        List<String> answer = run(
                "rotate",
                subject,
                session,
                presented,
                proposed.id(),
                proposed.issuedAt(),
                proposed.expiresAt(),
                grace.toNanos() / 1000);
        RefreshToken current = answer.size() == 1
                ? null
                : new RefreshToken(answer.get(1), instant(answer.get(2)), instant(answer.get(3)));
        return new Rotation(Presented.valueOf(answer.get(0)), current);
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        Object unused = run("revoke", subject, token, until);
    }

    @Override
    public boolean end(Subject subject, String session) {
        return this.<Long>run("end_one", subject, session).get(0) > 0;
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        List<Long> ended = keep == null ? run("end_all", subject, until) : run("end_all", subject, until, keep);
        return ended.get(0).intValue();
    }

    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        String field = session == null ? "g" : "s" + session;
        List<KeyValue<String, String>> found = link.ask(redis -> redis.hmget(key(subject), "r" + token, field));
        if (found.get(0).hasValue()) {
            return false;
        }
        return session == null ? issuedAt.getEpochSecond() > seconds(found.get(1)) : isOpen(found.get(1));
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return this.<Long>run("is_current", subject, session, refreshToken).get(0) > 0;
    }

    /** One script for all, or in a cluster one for each slot, sent at once. */
    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        Map<String, String> keys = sessions.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> key(entry.getValue())));
        List<List<String>> live = link.ask(redis -> {
            boolean cluster = redis instanceof RedisAdvancedClusterAsyncCommands;
            Collection<List<String>> batches = keys.keySet().stream()
                    .collect(Collectors.groupingBy(id -> cluster ? SlotHash.getSlot(keys.get(id)) : 0))
                    .values();
            return Link.all(batches.stream()
                    .map(ids -> Script.run(
                            redis, ids.stream().map(keys::get), Stream.concat(Stream.of("live"), ids.stream()))));
        });
        return live.stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return this.<List<String>>run("sessions", subject).stream()
                .map(row -> new Session(
                        row.get(0), row.get(1), instant(row.get(2)), instant(row.get(3)), instant(row.get(4))))
                .sorted(Comparator.comparing(Session::usedAt).reversed())
                .toList();
    }

    @Override
    public void ping() {
        Object unused = link.ask(redis -> redis.ping());
    }

    @Override
    public List<String> warnings() {
        try {
            return link.ask(Advice::ask).stream()
                    .map(advice -> servers.name() + ": " + advice)
                    .toList();
        } catch (RedisException e) {
            return List.of(
                    servers.name() + " does not answer, and until it does requests get 503: start it, or mend its "
                            + "address (" + e.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        link.close();
    }

    static String key(Subject subject) {
        return "latchkey:" + Base64.getUrlEncoder().withoutPadding().encodeToString(subject.digest());
    }

    private <T> List<T> run(String operation, Subject subject, Object... arguments) {
        return link.ask(redis -> Script.run(
                redis,
                Stream.of(key(subject)),
                Stream.concat(Stream.of(operation), Stream.of(arguments).map(RedisTokenStore::text))));
    }

    private static String text(Object argument) {
        return argument instanceof Instant at
                ? Long.toString(Math.min(at.getEpochSecond(), LATEST) * 1_000_000 + at.getNano() / 1000)
                : argument.toString();
    }

    private static Instant instant(String micros) {
        return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }

    private static long seconds(KeyValue<String, String> generation) {
        return Long.parseLong(generation.getValueOrElse("0"));
    }

    /** One command reads no clock, so by this node's: no token outlives its session, and this node saw that it lives. */
    private boolean isOpen(KeyValue<String, String> session) {
        return session.hasValue()
                && !clock.instant().isAfter(instant(session.getValue().split("\"", 3)[1]));
    }
}
