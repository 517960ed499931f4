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

    static Servers at(boolean cluster, String... addresses) {
        if (addresses.length == 0) {
            throw new IllegalArgumentException("a cluster needs an address: redis://host:port");
        }
        Servers servers = new Servers(List.of(addresses), cluster, null);
        servers.uris();
        return servers;
    }

    private List<RedisURI> uris() {
        return addresses.stream().map(Servers::uri).toList();
    }

    private static RedisURI uri(String address) {
        try {
            RedisURI uri = RedisURI.create(address);
            if (uri.getHost() == null || uri.getHost().matches("\\[.*|[^:]*")) {
                return uri;
            }
        } catch (RuntimeException e) {
            // Its message may have the password: of what nobody can take apart, any part may be that.
        }
        throw new IllegalArgumentException("what was given is not an address of Redis: needs redis://host:port, "
                + "rediss://host:port or redis-sentinel://host:port,host:port#master, a host without underscore, and a "
                + "password percent-encoded");
    }

    /** Without user and password. */
    String name() {
        return given != null
                ? "Redis"
                : uris().stream()
                        .map(uri -> uri.toString().replaceFirst("//.*@", "//"))
                        .collect(Collectors.joining(", ", "Redis at ", ""));
    }

    AbstractRedisClient client(Duration timeout) {
        if (given != null) {
            return given;
        }
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        List<RedisURI> uris = uris();
        uris.forEach(uri -> uri.setTimeout(timeout));
        // Nothing waits in a queue for a server that is gone, and nothing is sent twice.
        ClientOptions options = ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .build();
        if (cluster) {
            RedisClusterClient client = RedisClusterClient.create(resources, uris);
            client.setOptions(ClusterClientOptions.builder(options)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh(REFRESH)
                            .build())
                    .build());
            return client;
        }
        RedisClient client = RedisClient.create(resources, uris.get(0));
        client.setOptions(options);
        return client;
    }

    void close(AbstractRedisClient client) {
        if (given == null) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            var unused = client.getResources().shutdown(0, 2, TimeUnit.SECONDS);
        }
    }
}
