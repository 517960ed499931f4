package dev.latchkey.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One connection for all threads: opened by the first call, and anew where it fell silent or met a replica. */
final class Link implements AutoCloseable {

    /** For how many timeouts nothing may come back before the connection counts as dead: TCP itself takes minutes. */
    private static final int SILENCE = 5;

    /** How many timeouts a caller waits for the connection, where each step of opening it has one. */
    private static final int PATIENCE = 3;

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

    Servers servers() {
        return servers;
    }

    Duration timeout() {
        return timeout;
    }

    /** The answer to a command, or what went wrong, after the timeout at the latest. */
    <T> T ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        return askOn(connection -> command.apply(commands(connection)));
    }

    <T> T askOn(Function<StatefulConnection<String, String>, CompletionStage<T>> command) {
        CompletableFuture<StatefulConnection<String, String>> connection = connection();
        try {
            T answer = await(command.apply(await(connection, PATIENCE)).toCompletableFuture(), 1);
            answeredAt = System.nanoTime();
            return answer;
        } catch (RedisCommandExecutionException e) {
            answeredAt = System.nanoTime();
            if (e instanceof RedisReadOnlyException) {
                drop(connection);
            }
            throw e;
        } catch (RedisException e) {
            if (System.nanoTime() - answeredAt > SILENCE * timeout.toNanos()) {
                drop(connection);
            }
            throw e;
        }
    }

    private <T> T await(CompletableFuture<T> answer, int timeouts) {
        try {
            return answer.get(timeouts * timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RedisCommandTimeoutException(
                    servers.name() + " did not answer within " + timeout.multipliedBy(timeouts));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisCommandInterruptedException(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException inner ? inner.getCause() : e.getCause();
            throw cause instanceof RedisException known ? known : new RedisException(cause);
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
            connection = CompletableFuture.supplyAsync(this::connect, task -> {
                Thread thread = new Thread(task, "latchkey-redis");
                thread.setDaemon(true);
                thread.start();
            });
        }
        return connection;
    }

    private StatefulConnection<String, String> connect() {
        AbstractRedisClient lettuce = client();
        return lettuce instanceof RedisClusterClient cluster
                ? reached(cluster.connect())
                : ((RedisClient) lettuce).connect();
    }

    /** Lettuce rejects commands for nodes that it is not connected to, and connects to none by itself before one comes. */
    private static StatefulRedisClusterConnection<String, String> reached(
            StatefulRedisClusterConnection<String, String> cluster) {
        CompletableFuture<?>[] nodes = cluster.getPartitions().stream()
                .map(node -> node.getUri())
                .map(uri ->
                        cluster.getConnectionAsync(uri.getHost(), uri.getPort()).handle((node, down) -> node))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(nodes).join();
        return cluster;
    }

    private synchronized AbstractRedisClient client() {
        client = client == null ? servers.client(timeout) : client;
        return client;
    }

    private synchronized void drop(CompletableFuture<StatefulConnection<String, String>> dead) {
        if (connection == dead) {
            connection = null;
            answeredAt = System.nanoTime();
            var unused = dead.thenCompose(StatefulConnection::closeAsync);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null && servers.given() != null) { // else the client closes it
            drop(connection);
        }
        if (client != null) {
            servers.close(client);
        }
    }
}
