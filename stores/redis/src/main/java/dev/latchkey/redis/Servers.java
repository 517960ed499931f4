package dev.latchkey.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where Redis is: addresses, or a client that the application made itself and closes itself. */
record Servers(
        List<String> addresses, boolean cluster, @Nullable AbstractRedisClient given) {

    private static final Duration RECONNECT = Duration.ofMillis(200);
    private static final Duration REFRESH = Duration.ofSeconds(10);

    /** Bounds what a server that went silent can leave behind in memory. */
    private static final int MOST_UNANSWERED = 10_000;

    static Servers at(boolean cluster, List<String> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs an address: redis://host:port");
        }
        addresses.forEach(Servers::uri);
        return new Servers(List.copyOf(addresses), cluster, null);
    }

    /** The parser's own message, and so the cause, would tell the password. */
    private static RedisURI uri(String address) {
        try {
            RedisURI uri = RedisURI.create(address);
            if (uri.getHost() == null
                    || uri.getHost().startsWith("[")
                    || !uri.getHost().contains(":")) {
                return uri;
            }
        } catch (RuntimeException e) {
            throw unknown(address);
        }
        throw unknown(address);
    }

    private static IllegalArgumentException unknown(String address) {
        // Of what nobody can take apart, any part may be the password.
        String scheme = address.replaceFirst("(?s)^([a-z-]*://)?.*", "$1");
        return new IllegalArgumentException((scheme.isEmpty() ? "what was given" : scheme + "…")
                + " is not an address of Redis: needs "
                + "redis://host:port, rediss://host:port or redis-sentinel://host:port,host:port#master, "
                + "a host without underscore, and a password percent-encoded");
    }

    private static String withoutPassword(String address) {
        return address.replaceFirst("(?s)^([a-z-]*://)?.*@", "$1***@").replaceFirst("(?s)\\?.*", "");
    }

    String name() {
        return given != null
                ? "Redis"
                : "Redis at " + addresses.stream().map(Servers::withoutPassword).collect(Collectors.joining(", "));
    }

    AbstractRedisClient client(Duration timeout) {
        if (given != null) {
            return given;
        }
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        List<RedisURI> uris = addresses.stream().map(Servers::uri).toList();
        uris.forEach(uri -> uri.setTimeout(timeout));
        if (cluster) {
            RedisClusterClient client = RedisClusterClient.create(resources, uris);
            ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(REFRESH)
                    .build();
            client.setOptions(ClusterClientOptions.builder(options(timeout))
                    .topologyRefreshOptions(refresh)
                    .build());
            return client;
        }
        RedisClient client = RedisClient.create(resources, uris.get(0));
        client.setOptions(options(timeout));
        return client;
    }

    /** Nothing waits in a queue for a server that is gone, and nothing is sent twice. */
    private static ClientOptions options(Duration timeout) {
        return ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(MOST_UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .build();
    }

    void close(AbstractRedisClient client) {
        if (given == null) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            var unused = client.getResources().shutdown(0, 2, TimeUnit.SECONDS);
        }
    }
}
