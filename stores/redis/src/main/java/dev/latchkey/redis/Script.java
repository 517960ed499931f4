package dev.latchkey.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The operations of store.lua. */
final class Script {

    private static final String TEXT = read();
    private static final String DIGEST = Base16.digest(TEXT.getBytes(UTF_8));

    private Script() {}

    /** Runs store.lua, which answers with a list: by its digest, or by its text where the server does not know it. */
    static <T> CompletionStage<List<T>> run(
            RedisClusterAsyncCommands<String, String> redis, Stream<String> keys, Stream<String> arguments) {
        String[] names = keys.toArray(String[]::new);
        String[] values = arguments.toArray(String[]::new);
        CompletionStage<List<T>> known = redis.evalsha(DIGEST, ScriptOutputType.MULTI, names, values);
        return known.exceptionallyCompose(e -> e instanceof RedisNoScriptException
                ? redis.eval(TEXT, ScriptOutputType.MULTI, names, values)
                : CompletableFuture.failedFuture(e));
    }

    private static String read() {
        try (InputStream file = Objects.requireNonNull(Script.class.getResourceAsStream("store.lua"))) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What several commands that are sent at once answer, one after the other. */
    static <T> CompletionStage<List<T>> all(Stream<? extends CompletionStage<List<T>>> asked) {
        List<CompletableFuture<List<T>>> sent =
                asked.map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        sent.stream().flatMap(each -> each.join().stream()).toList());
    }
}
