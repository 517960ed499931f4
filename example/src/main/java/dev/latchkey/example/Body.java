package dev.latchkey.example;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** The JSON object of a request, read strictly: whatever is wrong with it is the client's mistake, and told as such. */
final class Body {

    /** More than any request of this application needs. */
    static final int MOST_BYTES = 16 * 1024;

    /** Of all JSON here, in and out. */
    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode members;

    private Body(JsonNode members) {
        this.members = members;
    }

    static Body of(Context ctx) {
        String type = String.valueOf(ctx.contentType()).toLowerCase(Locale.ROOT);
        if (!type.split(";", 2)[0].strip().equals("application/json")) {
            throw refusal(415, "media_type_unsupported", "The body must be application/json");
        }
        byte[] bytes = bytes(ctx);
        try {
            JsonNode members = JSON.readTree(bytes);
            if (members != null && members.isObject()) {
                return new Body(members);
            }
        } catch (IOException e) {
            // The parser's words stay here: they repeat parts of the body.
        }
        throw refusal(400, "body_malformed", "The body must be a JSON object");
    }

    /** A body that breaks off, or is cut into chunks wrongly, throws what Javalin does not declare. */
    private static byte[] bytes(Context ctx) {
        try {
            return ctx.bodyAsBytes();
        } catch (HttpResponseException e) { // it exceeds MOST_BYTES
            throw refusal(413, "body_too_large", "The body may have at most " + MOST_BYTES + " bytes");
        } catch (Exception e) {
            throw refusal(400, "body_malformed", "The body did not arrive whole");
        }
    }

    /** A text of the body; half a surrogate pair is refused, for it could be stored and never be sent again. */
    String text(String name) {
        JsonNode value = members.path(name);
        if (!value.isTextual() || value.textValue().codePoints().anyMatch(Body::isSurrogate)) {
            throw refusal(400, "body_malformed", "The body needs '" + name + "', a text");
        }
        return value.textValue();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** A refusal with a code that clients compare and a text for people, in the form of Latchkey's own. */
    static HttpResponseException refusal(int status, String code, String message) {
        return new HttpResponseException(status, message, Map.of("code", code));
    }
}
