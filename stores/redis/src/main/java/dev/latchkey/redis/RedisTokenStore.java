package dev.latchkey.redis;

import static io.lettuce.core.ScriptOutputType.INTEGER;
import static io.lettuce.core.ScriptOutputType.MULTI;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and revocations on Redis 6.2 or later, shared by all nodes: {@code RedisTokenStore.of("redis://localhost")}.
 * It connects with the first call, and reads from masters only.
 */
public final class RedisTokenStore implements TokenStore {

    private static final Script OPEN = Script.of("open", MULTI);
    private static final Script ROTATE = Script.of("rotate", MULTI);
    private static final Script REVOKE = Script.of("revoke", INTEGER);
    private static final Script END = Script.of("end", INTEGER);
    private static final Script END_ALL = Script.of("end_all", INTEGER);
    private static final Script CURRENT = Script.of("current", INTEGER);
    private static final Script SESSIONS = Script.of("sessions", MULTI);
    private static final Script LIVE = Script.of("live", MULTI);
    private static final int COLUMNS = 5;
    private static final int KEPT = 2; // where that begins in ["1767225600000000", …

    /** The last second of the year 9999, the latest that a token may name. */
    private static final long LATEST = 253_402_300_799L;

    private final Link link;
    private final String prefix;
    private final Clock clock;

    private RedisTokenStore(Servers servers, Duration timeout, String prefix, Clock clock) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", needs to be positive");
        }
        this.link = new Link(servers, timeout);
        this.prefix = prefix;
        this.clock = clock;
    }

    private static RedisTokenStore at(Servers servers) {
        return new RedisTokenStore(servers, Duration.ofSeconds(1), "latchkey", Clock.systemUTC());
    }

    /**
     * A single server, {@code redis://user:password@host:6379/0} or {@code rediss://…} for TLS, or what Sentinels watch,
     * {@code redis-sentinel://host:26379,host:26379#master}.
     */
    public static RedisTokenStore of(String address) {
        return at(Servers.at(false, List.of(address)));
    }

    /** A Redis Cluster, found from the addresses of some of its nodes. */
    public static RedisTokenStore cluster(String... addresses) {
        return at(Servers.at(true, List.of(addresses)));
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
        return new RedisTokenStore(link.servers(), timeout, prefix, clock);
    }

    /** A copy whose keys begin with this and a colon, instead of {@code latchkey}. */
    public RedisTokenStore withPrefix(String prefix) {
        return new RedisTokenStore(link.servers(), link.timeout(), prefix, clock);
    }

    RedisTokenStore withClock(Clock node) {
        return new RedisTokenStore(link.servers(), link.timeout(), prefix, node);
    }

    @Override
    public long generation(Subject subject) {
        return seconds(link.ask(redis -> redis.hmget(key(subject), "g")).get(0));
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        List<String> answer = link.ask(redis -> OPEN.run(
                redis,
                List.of(key(subject)),
                Long.toString(generation),
                Integer.toString(most),
                session.id(),
                session.label(),
                text(session.startedAt()),
                text(session.usedAt()),
                text(session.endsAt()),
                first.id(),
                text(first.issuedAt()),
                text(first.expiresAt())));
        return answer.get(0).equals("opened")
                ? Optional.of(List.copyOf(answer.subList(1, answer.size())))
                : Optional.empty();
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        List<String> answer = link.ask(redis -> ROTATE.run(
                redis,
                List.of(key(subject)),
                session,
                presented,
                proposed.id(),
                text(proposed.issuedAt()),
                text(proposed.expiresAt()),
                Long.toString(micros(grace))));
        RefreshToken current = answer.size() == 1
                ? null
                : new RefreshToken(answer.get(1), instant(answer.get(2)), instant(answer.get(3)));
        return new Rotation(Presented.valueOf(answer.get(0)), current);
    }

    @Override
    public void revoke(Subject subject, String token, Instant until) {
        Object unused = link.ask(redis -> REVOKE.run(redis, List.of(key(subject)), token, text(until)));
    }

    @Override
    public boolean end(Subject subject, String session) {
        Long ended = link.ask(redis -> END.run(redis, List.of(key(subject)), session));
        return ended > 0;
    }

    @Override
    public int endAll(Subject subject, @Nullable String keep, Instant until) {
        String[] args = keep == null ? new String[] {text(until)} : new String[] {text(until), keep};
        Long ended = link.ask(redis -> END_ALL.run(redis, List.of(key(subject)), args));
        return ended.intValue();
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
        Long current = link.ask(redis -> CURRENT.run(redis, List.of(key(subject)), session, refreshToken));
        return current > 0;
    }

    /** One script for all, or in a cluster one for each slot, sent at once. */
    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        if (sessions.isEmpty()) {
            return Set.of();
        }
        Map<String, String> keys = sessions.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> key(entry.getValue())));
        Collection<List<String>> batches = keys.keySet().stream()
                .collect(Collectors.groupingBy(id -> link.servers().cluster() ? SlotHash.getSlot(keys.get(id)) : 0))
                .values();
        List<List<String>> answers = link.ask(redis -> Advice.all(batches.stream()
                .map(ids -> LIVE.<List<String>>run(
                        redis, ids.stream().map(keys::get).toList(), ids.toArray(String[]::new)))
                .toList()));
        Set<String> live = new HashSet<>();
        answers.forEach(live::addAll);
        return live;
    }

    @Override
    public List<Session> sessions(Subject subject) {
        List<String> answer = link.ask(redis -> SESSIONS.run(redis, List.of(key(subject))));
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < answer.size(); i += COLUMNS) {
            sessions.add(new Session(
                    answer.get(i),
                    answer.get(i + 1),
                    instant(answer.get(i + 2)),
                    instant(answer.get(i + 3)),
                    instant(answer.get(i + 4))));
        }
        sessions.sort(Comparator.comparing(Session::usedAt).reversed());
        return sessions;
    }

    @Override
    public void ping() {
        Object unused = link.ask(redis -> redis.ping());
    }

    @Override
    public List<String> warnings() {
        try {
            return link.askOn(connection -> Advice.ask(connection, clock)).stream()
                    .map(advice -> link.servers().name() + ": " + advice)
                    .toList();
        } catch (RedisException e) {
            return List.of(
                    link.servers().name() + " does not answer, and until it does requests get 503: start it, or mend "
                            + "its address (" + e.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        link.close();
    }

    String key(Subject subject) {
        return prefix + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(subject.digest());
    }

    /** One command reads no clock, so by this node's: no token outlives its session, and this node saw that it lives. */
    private boolean isOpen(KeyValue<String, String> session) {
        return session.hasValue() && !clock.instant().isAfter(kept(session.getValue()));
    }

    private static Instant kept(String session) {
        return instant(session.substring(KEPT, session.indexOf('"', KEPT)));
    }

    private static long seconds(KeyValue<String, String> generation) {
        return Long.parseLong(generation.getValueOrElse("0"));
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static String text(Instant at) {
        return Long.toString(Math.min(at.getEpochSecond(), LATEST) * 1_000_000 + at.getNano() / 1000);
    }

    private static Instant instant(String micros) {
        return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }
}
