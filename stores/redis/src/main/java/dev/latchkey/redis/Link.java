package dev.latchkey.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One connection for all threads: opened by the first call, and anew where it fell silent or met a replica. */
final class Link implements AutoCloseable {

    /** For how many timeouts nothing may come back before the connection counts as dead: TCP itself takes minutes. */
    private static final int SILENCE = 5;

    /** How many timeouts a call waits that opens the connection: each step of that has one, and so has the answer. */
    private static final int PATIENCE = 4;

    private final Servers servers;
    private final Duration timeout;
    private @Nullable AbstractRedisClient client;
    private @Nullable CompletableFuture<StatefulConnection<String, String>> connection;
    private volatile long answeredAt = System.nanoTime();
    private boolean closed;

    Link(Servers servers, Duration timeout) {
        this.servers = servers;
        this.timeout = timeout;
    }

    /** The answer to a command, or what went wrong, after the timeout at the latest. */
    <T> T ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        CompletableFuture<StatefulConnection<String, String>> connection = connection();
        Duration wait = timeout.multipliedBy(connection.isDone() ? 1 : PATIENCE);
        try {
            T answer = connection
                    .thenCompose(open -> command.apply(commands(open)))
                    .orTimeout(wait.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
            answeredAt = System.nanoTime();
            return answer;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RedisCommandExecutionException) {
                answeredAt = System.nanoTime();
            }
            boolean silent = System.nanoTime() - answeredAt > SILENCE * timeout.toNanos();
            if (silent || e.getCause() instanceof RedisReadOnlyException) {
                drop(connection);
            }
            throw e.getCause() instanceof RedisException known
                    ? known
                    : new RedisException(servers.name() + " did not answer within " + wait, e.getCause());
        }
    }

    /** The answers to several commands that are sent at once. */
    static <T> CompletionStage<List<T>> all(Stream<? extends CompletionStage<T>> asked) {
        List<CompletableFuture<T>> answers =
                asked.map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
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
            AbstractRedisClient lettuce = client == null ? servers.client(timeout) : client;
            client = lettuce;
            connection = CompletableFuture.supplyAsync(
                    () -> connect(lettuce), task -> new Thread(task, "latchkey-redis").start());
        }
        return connection;
    }

    /** Lettuce rejects commands for nodes of a cluster that it is not connected to, and connects to none by itself. */
    private static StatefulConnection<String, String> connect(AbstractRedisClient lettuce) {
        if (lettuce instanceof RedisClient single) {
            return single.connect();
        }
        StatefulRedisClusterConnection<String, String> cluster = ((RedisClusterClient) lettuce).connect();
        CompletableFuture<?>[] nodes = cluster.getPartitions().stream()
                .map(RedisClusterNode::getUri)
                .map(uri ->
                        cluster.getConnectionAsync(uri.getHost(), uri.getPort()).exceptionally(down -> null))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(nodes).join();
        return cluster;
    }

    private synchronized void drop(@Nullable CompletableFuture<StatefulConnection<String, String>> dead) {
        if (dead != null && connection == dead) {
            connection = null;
            answeredAt = System.nanoTime();
            var unused = dead.thenCompose(StatefulConnection::closeAsync);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop(connection);
        if (client != null) {
            servers.close(client);
        }
    }
}
