package dev.latchkey.redis;

import dev.latchkey.TokenStore;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the server does in one step; sent by its digest, and by its text where the server does not know it. */
record Script(String text, String digest, ScriptOutputType answer) {

    static Script of(String name, ScriptOutputType answer) {
        String text = "local SLACK = " + RedisTokenStore.micros(TokenStore.SLACK) + "\n" + read("account") + read(name);
        return new Script(text, Base16.digest(text.getBytes(StandardCharsets.UTF_8)), answer);
    }

    private static String read(String name) {
        try (InputStream script = Script.class.getResourceAsStream(name + ".lua")) {
            return new String(Objects.requireNonNull(script, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar lacks " + name + ".lua", e);
        }
    }

    <T> CompletionStage<T> run(RedisClusterAsyncCommands<String, String> redis, List<String> keys, String... args) {
        String[] names = keys.toArray(String[]::new);
        CompletionStage<T> known = redis.evalsha(digest, answer, names, args);
        return known.exceptionallyCompose(e -> e instanceof RedisNoScriptException
                ? redis.eval(text, answer, names, args)
                : CompletableFuture.failedFuture(e));
    }
}
