package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisServerAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.models.role.RedisInstance;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What a server's settings mean for sessions, as far as it lets them be read. */
final class Advice {

    private static final List<String> SETTINGS = List.of("appendfsync", "save", "min-replicas-to-write");

    private Advice() {}

    static CompletionStage<List<String>> ask(StatefulConnection<String, String> connection, Clock clock) {
        if (connection instanceof StatefulRedisClusterConnection<String, String> cluster) {
            Partitions nodes = cluster.getPartitions();
            return all(nodes.stream()
                            .filter(node -> node.getRole() == RedisInstance.Role.UPSTREAM)
                            .map(node -> cluster.getConnectionAsync(node.getNodeId())
                                    .thenCompose(master -> settings(master.async(), clock)))
                            .toList())
                    .thenApply(all -> all.stream()
                            .flatMap(settings -> of(settings, true).stream())
                            .distinct()
                            .toList());
        }
        return settings(((StatefulRedisConnection<String, String>) connection).async(), clock)
                .thenApply(settings -> of(settings, false));
    }

    private static CompletionStage<Map<String, String>> settings(
            RedisServerAsyncCommands<String, String> server, Clock clock) {
        List<CompletionStage<Map<String, String>>> asked = new ArrayList<>();
        asked.add(server.info().thenApply(Advice::lines));
        asked.add(server.time().thenApply(time -> ahead(time, clock)));
        SETTINGS.forEach(setting -> asked.add(server.configGet(setting)));
        return all(asked.stream()
                        .map(answer -> answer.exceptionally(forbidden -> Map.of()))
                        .toList())
                .thenApply(answers -> {
                    Map<String, String> settings = new HashMap<>();
                    answers.forEach(settings::putAll);
                    return settings;
                });
    }

    static <T> CompletionStage<List<T>> all(Collection<? extends CompletionStage<T>> stages) {
        List<CompletableFuture<T>> all =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    private static Map<String, String> lines(String info) {
        return info.lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> other));
    }

    private static Map<String, String> ahead(List<String> time, Clock clock) {
        long ahead = Long.parseLong(time.get(0)) - clock.instant().getEpochSecond();
        return Map.of("ahead", Long.toString(ahead));
    }

    static List<String> of(Map<String, String> settings, boolean cluster) {
        List<String> advice = new ArrayList<>();
        if (!cluster && is(settings, "cluster_enabled", "1")) {
            advice.add("this server is a node of a cluster: use RedisTokenStore.cluster(…)");
        }
        if (!cluster && is(settings, "role", "slave")) {
            advice.add(
                    "this server is a replica and takes no logins: use the address of its master, or of the Sentinels");
        }
        String policy = settings.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction") && !is(settings, "maxmemory", "0")) {
            advice.add("maxmemory-policy is " + policy + ": a full server logs people out, and forgets revoked tokens "
                    + "that have no session; set maxmemory-policy noeviction");
        }
        if (is(settings, "aof_enabled", "0")) {
            advice.add(
                    is(settings, "save", "")
                            ? "nothing is written to disk: a restart logs everybody out, and forgets revoked tokens "
                                    + "that have no session; set appendonly yes and appendfsync always"
                            : "appendonly is no: a crash brings back what was ended since the last snapshot; "
                                    + "set appendonly yes and appendfsync always");
        } else if (settings.containsKey("appendfsync") && !is(settings, "appendfsync", "always")) {
            advice.add(
                    "appendfsync is " + settings.get("appendfsync") + ": a crash of the machine brings back what was "
                            + "ended in the last seconds; set appendfsync always");
        }
        if (!is(settings, "connected_slaves", "0") && is(settings, "min-replicas-to-write", "0")) {
            advice.add("replicas follow asynchronously: a fail-over brings back what was ended while they were behind; "
                    + "set min-replicas-to-write 1 and a small min-replicas-max-lag to bound that");
        }
        if (!settings.keySet().containsAll(SETTINGS) || !settings.containsKey("aof_enabled")) {
            advice.add(
                    "this user may not read all settings of the server, so see to them: maxmemory-policy noeviction, "
                            + "appendonly yes, appendfsync always, with replicas min-replicas-to-write 1; or allow INFO and CONFIG GET");
        }
        Duration ahead = Duration.ofSeconds(Long.parseLong(settings.getOrDefault("ahead", "0")));
        if (ahead.abs().compareTo(TokenStore.SLACK.dividedBy(2)) > 0) {
            advice.add("the server's clock is " + ahead.toSeconds() + " s ahead of this node's, where "
                    + TokenStore.SLACK.toSeconds() + " s are too many: let NTP set both");
        }
        return advice;
    }

    private static boolean is(Map<String, String> settings, String name, String value) {
        return value.equals(settings.get(name));
    }
}
