package dev.latchkey.redis;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three masters on loopback. */
final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;

    private final List<RedisServer> nodes;

    private RedisCluster(List<RedisServer> nodes) {
        this.nodes = nodes;
    }

    static RedisCluster start(String... settings) {
        String[] all = Stream.concat(Stream.of("cluster-enabled yes", "cluster-node-timeout 2000"), Stream.of(settings))
                .toArray(String[]::new);
        List<RedisServer> nodes =
                Stream.generate(() -> RedisServer.start(all)).limit(3).toList();
        for (int i = 0; i < nodes.size(); i++) {
            int[] slots = IntStream.range(SLOTS * i / 3, SLOTS * (i + 1) / 3).toArray();
            int epoch = i + 1;
            nodes.get(i).ask(redis -> redis.clusterAddSlots(slots) + redis.clusterSetConfigEpoch(epoch));
            nodes.get(i)
                    .ask(redis -> redis.clusterMeet("127.0.0.1", nodes.get(0).port()));
        }
        RedisCluster cluster = new RedisCluster(nodes);
        cluster.awaitAgreement();
        return cluster;
    }

    void awaitAgreement() {
        RedisServer.await("the cluster agrees", () -> nodes.stream().allMatch(RedisCluster::agrees));
    }

    private static boolean agrees(RedisServer node) {
        List<String> state = node.ask(redis -> redis.clusterInfo()).lines().toList();
        return state.containsAll(
                List.of("cluster_state:ok", "cluster_slots_ok:" + SLOTS, "cluster_known_nodes:3", "cluster_size:3"));
    }

    List<RedisServer> nodes() {
        return nodes;
    }

    String[] addresses() {
        return nodes.stream().map(RedisServer::address).toArray(String[]::new);
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
