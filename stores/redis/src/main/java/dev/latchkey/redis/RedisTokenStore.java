package dev.latchkey.redis;

import static java.time.Instant.EPOCH;
import static java.time.temporal.ChronoUnit.MICROS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

import dev.latchkey.Session;
import dev.latchkey.TokenStore;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and revocations on Redis 6.2 or later, shared by all nodes: {@code RedisTokenStore.of("redis://localhost")}.
 * It connects with the first call, and reads from masters only.
 */
public final class RedisTokenStore implements TokenStore {

    private static final Delay RECONNECT = Delay.constant(Duration.ofMillis(200));
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Nothing waits in a queue for a server that is gone, and nothing is sent twice. */
    private static final ClientOptions OPTIONS = ClientOptions.builder()
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(command -> true)
            .timeoutOptions(TimeoutOptions.create()) // none for a command: that is this store's own
            .socketOptions(SocketOptions.builder()
                    .connectTimeout(CONNECT)
                    .keepAlive(true)
                    .build())
            .build();

    /** For how many timeouts nothing may come back before the connection counts as dead: TCP itself takes minutes. */
    private static final int SILENCE = 5;

    /** How many timeouts a call waits that opens the connection: each step of that has one, and so has the answer. */
    private static final int PATIENCE = 4;

    private final String name;
    private final AbstractRedisClient client;
    private final boolean own;
    private final Duration timeout;
    private final Clock clock;
    private @Nullable CompletableFuture<StatefulConnection<String, String>> connection;
    private volatile long answeredAt = System.nanoTime();
    private boolean closed;

    RedisTokenStore(String name, AbstractRedisClient client, boolean own, Duration timeout, Clock clock) {
        this.name = name;
        this.client = client;
        this.own = own;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * A single server, {@code redis://user:password@host:6379/0} or {@code rediss://…} for TLS, or what Sentinels watch,
     * {@code redis-sentinel://host:26379,host:26379#master}.
     */
    public static RedisTokenStore of(String address) {
        RedisClient client = RedisClient.create(resources(), uri(address));
        client.setOptions(OPTIONS);
        return at(client, address);
    }

    /** A Redis Cluster, found from the addresses of some of its nodes. */
    public static RedisTokenStore cluster(String... addresses) {
        List<RedisURI> uris = Stream.of(addresses).map(RedisTokenStore::uri).toList();
        RedisClusterClient client = RedisClusterClient.create(resources(), uris);
        client.setOptions(ClusterClientOptions.builder(OPTIONS)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(10))
                        .build())
                .build());
        return at(client, addresses);
    }

    /** What this {@code RedisClient} or {@code RedisClusterClient} was made for; its own options apply, and it stays open. */
    public static RedisTokenStore of(AbstractRedisClient client) {
        return new RedisTokenStore("Redis: ", client, false, Duration.ofSeconds(1), Clock.systemUTC());
    }

    /** The name is what messages begin with: without user and password; no address holds a space. */
    private static RedisTokenStore at(AbstractRedisClient client, String... addresses) {
        String name = "Redis at " + String.join(", ", addresses).replaceAll("//\\S*@", "//") + ": ";
        return new RedisTokenStore(name, client, true, Duration.ofSeconds(1), Clock.systemUTC());
    }

    private static ClientResources resources() {
        return ClientResources.builder().reconnectDelay(RECONNECT).build();
    }

    private static RedisURI uri(String address) {
        try {
            RedisURI uri = RedisURI.create(address);
            if (uri.getHost() == null || uri.getHost().matches("\\[.*|[^:]*")) {
                uri.setTimeout(CONNECT);
                return uri;
            }
        } catch (RuntimeException e) {
            // Its message may have the password: of what nobody can take apart, any part may be that.
        }
        throw new IllegalArgumentException("what was given is not an address of Redis: needs redis://host:port, "
                + "rediss://… or redis-sentinel://host:port,host:port#master; no underscore, password percent-encoded");
    }

    /** The same that waits this long for an answer, instead of one second, before a request is refused with 503. */
    public RedisTokenStore withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", needs to be positive");
        }
        return new RedisTokenStore(name, client, own, timeout, clock);
    }

    @Override
    public long generation(Subject subject) {
        return this.<Long>run("generation", subject).get(0);
    }

    @Override
    public Optional<List<String>> open(
            Subject subject, long generation, Session session, RefreshToken first, int most) {
        List<String> ids = run("open", subject, generation, most, session, first);
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.subList(1, ids.size()));
    }

    @Override
    public Rotation rotate(Subject subject, String session, String presented, RefreshToken proposed, Duration grace) {
        List<String> answer = run("rotate", subject, session, presented, proposed, grace.toNanos() / 1000);
        Presented became = Presented.valueOf(answer.get(0));
        return answer.size() == 1
                ? new Rotation(became, null)
                : new Rotation(became, new RefreshToken(answer.get(1), instant(answer.get(2)), instant(answer.get(3))));
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
        String kept = keep == null ? "" : "s" + keep;
        return this.<Long>run("end_all", subject, until, kept).get(0).intValue();
    }

    /** One command reads no clock, so by this node's: no token outlives its session, and this node saw that it lives. */
    @Override
    public boolean isLive(Subject subject, String token, @Nullable String session, Instant issuedAt) {
        String field = session == null ? "g" : "s" + session;
        List<KeyValue<String, String>> found = ask(redis -> redis.hmget(key(subject), "r" + token, field));
        String held = found.get(1).getValueOrElse("0");
        boolean open = session == null
                ? issuedAt.getEpochSecond() > Long.parseLong(held)
                : found.get(1).hasValue() && !clock.instant().isAfter(instant(held.split("\"", 3)[1]));
        return open && !found.get(0).hasValue();
    }

    @Override
    public boolean isCurrent(Subject subject, String session, String refreshToken) {
        return this.<Long>run("is_current", subject, session, refreshToken).get(0) > 0;
    }

    /** One script for all, or in a cluster one for each slot, sent at once. */
    @Override
    public Set<String> live(Map<String, Subject> sessions) {
        boolean cluster = client instanceof RedisClusterClient;
        Map<Integer, List<Map.Entry<String, Subject>>> batches = sessions.entrySet().stream()
                .collect(Collectors.groupingBy(asked -> cluster ? SlotHash.getSlot(key(asked.getValue())) : 0));
        return Set.copyOf(ask(redis -> Script.all(batches.values().stream()
                .map(batch -> Script.run(
                        redis,
                        batch.stream().map(asked -> key(asked.getValue())),
                        Stream.concat(Stream.of("live"), batch.stream().map(Map.Entry::getKey)))))));
    }

    @Override
    public List<Session> sessions(Subject subject) {
        return this.<List<String>>run("sessions", subject).stream()
                .map(row -> new Session(
                        row.get(0), row.get(1), instant(row.get(2)), instant(row.get(3)), instant(row.get(4))))
                .toList();
    }

    /** The script judges the settings of each master, but may not read CONFIG. */
    @Override
    public List<String> warnings() {
        List<String> warnings = ask(redis -> Script.all(masters(redis)
                .map(master -> master.configGet("appendfsync")
                        .exceptionally(forbidden -> Map.of())
                        .thenCompose(
                                told -> Script.run(master, Stream.of(), Stream.of("warnings", told.toString()))))));
        return warnings.stream().distinct().map(name::concat).toList();
    }

    private static Stream<? extends RedisClusterAsyncCommands<String, String>> masters(
            RedisClusterAsyncCommands<String, String> redis) {
        return redis instanceof RedisAdvancedClusterAsyncCommands<String, String> cluster
                ? cluster.upstream().asMap().values().stream()
                : Stream.of(redis);
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop(connection);
        if (own) {
            client.shutdown(Duration.ZERO, CONNECT);
            var unused = client.getResources().shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    static String key(Subject subject) {
        return "latchkey:" + Base64.getUrlEncoder().withoutPadding().encodeToString(subject.digest());
    }

    private static Instant instant(String micros) {
        return EPOCH.plus(Long.parseLong(micros), MICROS);
    }

    private static Stream<?> parts(Object argument) {
        if (argument instanceof Session s) {
            return Stream.of(s.id(), s.label(), s.startedAt(), s.usedAt(), s.endsAt())
                    .flatMap(RedisTokenStore::parts);
        }
        if (argument instanceof RefreshToken token) {
            return Stream.of(token.id(), token.issuedAt(), token.expiresAt()).flatMap(RedisTokenStore::parts);
        }
        return Stream.of(argument instanceof Instant at ? MICROSECONDS.convert(Duration.between(EPOCH, at)) : argument);
    }

    private <T> List<T> run(String operation, Subject subject, Object... arguments) {
        Stream<String> texts =
                Stream.of(arguments).flatMap(RedisTokenStore::parts).map(Object::toString);
        return ask(redis -> Script.run(redis, Stream.of(key(subject)), Stream.concat(Stream.of(operation), texts)));
    }

    /** The answer to a command, or what went wrong, after the timeout at the latest. */
    private <T> T ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        CompletableFuture<StatefulConnection<String, String>> asked = connection();
        Duration wait = timeout.multipliedBy(asked.isDone() ? 1 : PATIENCE);
        try {
            T answer = asked.thenCompose(open -> command.apply(commands(open)))
                    .orTimeout(wait.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
            answeredAt = System.nanoTime();
            return answer;
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            boolean silent = System.nanoTime() - answeredAt > SILENCE * timeout.toNanos();
            if (cause instanceof RedisCommandExecutionException ? cause instanceof RedisReadOnlyException : silent) {
                drop(asked);
            }
            throw new RedisException(name + "no good answer within " + wait + ": " + cause, cause);
        }
    }

    private static RedisClusterAsyncCommands<String, String> commands(StatefulConnection<String, String> connection) {
        return connection instanceof StatefulRedisClusterConnection<String, String> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<String, String>) connection).async();
    }

    /** Whoever needs the connection shares one attempt to open it; the next call after a failure makes the next one. */
    private synchronized CompletableFuture<StatefulConnection<String, String>> connection() {
        if (closed) {
            throw new IllegalStateException("this store is closed");
        }
        if (connection == null || connection.isCompletedExceptionally()) {
            connection =
                    CompletableFuture.supplyAsync(this::connect, task -> new Thread(task, "latchkey-redis").start());
        }
        return connection;
    }

    /** Lettuce rejects a command for a node of a cluster that it is not connected to: it has to be, to all, before. */
    private StatefulConnection<String, String> connect() {
        if (client instanceof RedisClient single) {
            return single.connect();
        }
        StatefulRedisClusterConnection<String, String> cluster = ((RedisClusterClient) client).connect();
        var nodes = cluster.async().upstream().commands().ping();
        CompletableFuture.allOf(nodes.futures())
                .orTimeout(2, TimeUnit.SECONDS)
                .exceptionally(down -> null)
                .join();
        return cluster;
    }

    /** Of a connection that fell silent or met a replica, so that the next call opens another. */
    private synchronized void drop(@Nullable CompletableFuture<StatefulConnection<String, String>> dead) {
        if (dead != null && connection == dead) {
            connection = null;
            answeredAt = System.nanoTime();
            var unused = dead.thenCompose(StatefulConnection::closeAsync);
        }
    }
}
