package dev.latchkey.redis;

import io.lettuce.core.api.async.RedisServerAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a server's settings mean for sessions, as far as it lets them be read. */
final class Advice {

    private static final String POLICY = "maxmemory_policy";
    private static final String LOG = "aof_enabled";
    private static final String SYNC = "appendfsync";
    private static final String REPLICAS = "min-replicas-to-write";

    private Advice() {}

    /** Asks the server, or all masters of a cluster. */
    static CompletionStage<List<String>> ask(RedisClusterAsyncCommands<String, String> redis) {
        Collection<? extends RedisServerAsyncCommands<String, String>> masters =
                redis instanceof RedisAdvancedClusterAsyncCommands<String, String> cluster
                        ? cluster.upstream().asMap().values()
                        : List.of(redis);
        return Link.all(masters.stream().map(Advice::settings))
                .thenApply(all -> all.stream()
                        .flatMap(settings -> of(settings).stream())
                        .distinct()
                        .toList());
    }

    private static CompletionStage<Map<String, String>> settings(RedisServerAsyncCommands<String, String> server) {
        return Link.all(Stream.of(
                                server.info().thenApply(Advice::lines),
                                server.configGet(SYNC),
                                server.configGet(REPLICAS))
                        .map(answer -> answer.exceptionally(forbidden -> Map.of())))
                .thenApply(answers -> {
                    Map<String, String> settings = new HashMap<>();
                    answers.forEach(settings::putAll);
                    return settings;
                });
    }

    private static Map<String, String> lines(String info) {
        return info.lines()
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> other));
    }

    static List<String> of(Map<String, String> settings) {
        List<String> advice = new ArrayList<>();
        String policy = settings.getOrDefault(POLICY, "noeviction");
        if (!policy.equals("noeviction")) {
            advice.add("maxmemory-policy is " + policy + ": a full server logs people out, and forgets revoked tokens "
                    + "that have no session; set maxmemory-policy noeviction");
        }
        String sync = settings.getOrDefault(SYNC, "always");
        if (settings.getOrDefault(LOG, "1").equals("0")) {
            advice.add("appendonly is no: a crash brings back what was ended since the last snapshot, and without one "
                    + "logs everybody out; set appendonly yes and appendfsync always");
        } else if (!sync.equals("always")) {
            advice.add("appendfsync is " + sync + ": a crash of the machine brings back what was ended in the last "
                    + "seconds; set appendfsync always");
        }
        boolean alone = settings.getOrDefault("connected_slaves", "0").equals("0");
        if (!alone && settings.getOrDefault(REPLICAS, "1").equals("0")) {
            advice.add("replicas follow asynchronously: a fail-over brings back what was ended while they were behind; "
                    + "set min-replicas-to-write 1 and a small min-replicas-max-lag to bound that");
        }
        if (!settings.keySet().containsAll(List.of(POLICY, LOG, SYNC, REPLICAS))) {
            advice.add(
                    "this user may not read all settings of the server, so see to them: maxmemory-policy noeviction, "
                            + "appendonly yes, appendfsync always, with replicas min-replicas-to-write 1");
        }
        return advice;
    }
}
