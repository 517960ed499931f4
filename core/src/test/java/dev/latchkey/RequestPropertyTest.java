package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever a request holds but a good token: it is refused with 4xx, on every route but an open one. */
class RequestPropertyTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final List<Access> ROUTES = List.of(
            Access.open(),
            Access.required(),
            Access.optional(),
            Access.fresh(),
            Access.refresh(),
            Access.anyType(),
            Access.type("invite"),
            Access.required().withMaxAge(Duration.ofMinutes(5)).withoutUser(),
            Access.optional().withLocations(TokenLocation.JSON),
            Access.required().withLocations(TokenLocation.HEADER, TokenLocation.JSON));
    private static final List<String> NAMES = List.of(
            "Authorization",
            "authorization",
            "Content-Type",
            "Cookie",
            "Origin",
            "Access-Control-Request-Method",
            "cookie",
            "Sec-Fetch-Site",
            "X-CSRF-TOKEN",
            "Upgrade",
            "Host");

    private final JwtKey key =
            JwtKey.hs256("a secret of the same bytes every time").withId("key");
    private final List<Latchkey> all = List.of(
            latchkey(ErrorStyle.STANDARD, "Bearer", key),
            latchkey(ErrorStyle.PROBLEM, "", key),
            latchkey(ErrorStyle.ANCESTORS, "JWT", key),
            everywhere());
    private final List<String> bad = List.of(
            latchkey(ErrorStyle.STANDARD, "Bearer", JwtKey.hs256("another secret of as many bytes, strange"))
                    .accessToken("alice"),
            latchkey(ErrorStyle.STANDARD, "Bearer", key).accessToken("nobody"),
            latchkey(ErrorStyle.STANDARD, "Bearer", key, NOW.minusSeconds(9000)).accessToken("alice"),
            latchkey(ErrorStyle.STANDARD, "Bearer", key).token("other", "nobody", Grant.create()));
    private final String genuine = all.get(0).accessToken("alice");

    private Latchkey everywhere() {
        return settings(ErrorStyle.STANDARD, "Bearer", key, NOW)
                .locations(TokenLocation.COOKIE, TokenLocation.values())
                .cookies(Cookies.create().renewal(Duration.ofMinutes(14)))
                .build();
    }

    private static Latchkey latchkey(ErrorStyle style, String scheme, JwtKey key) {
        return latchkey(style, scheme, key, NOW);
    }

    private static Latchkey latchkey(ErrorStyle style, String scheme, JwtKey key, Instant now) {
        return settings(style, scheme, key, now).build();
    }

    private static LatchkeyBuilder settings(ErrorStyle style, String scheme, JwtKey key, Instant now) {
        return Latchkey.builder()
                .issuer("notes")
                .key(key)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .errorStyle(style)
                .headerScheme(scheme)
                .idGenerator(() -> "id")
                .realm("a \"realm\"")
                .locations(TokenLocation.HEADER, TokenLocation.JSON)
                .userLoader(claims -> Optional.of(claims.subject()).filter("alice"::equals))
                .login(Login.by((name, password) -> Optional.empty()));
    }

    @Test
    void nothingButAGoodTokenPassesACheck() {
        Cases run = Cases.run("nothingButAGoodTokenPassesACheck", (random, cases) -> {
            Latchkey auth = all.get(random.nextInt(all.size()));
            Access route = ROUTES.get(random.nextInt(ROUTES.size()));
            RawRequest request = request(random, "/anything");
            if (unescaped(request.toString()).contains(genuine)) {
                cases.count("genuine again, after two mutations");
                return;
            }
            Outcome outcome = auth.check(request, route);
            if (outcome.token().isPresent()) {
                throw new AssertionError("admitted " + request + " where " + genuine + " is good");
            }
            if (outcome.admitted()) {
                boolean preflight = request.method().equals("OPTIONS")
                        && !request.headers("Origin").isEmpty()
                        && !request.headers("Access-Control-Request-Method").isEmpty();
                assertThat(route.isOpen() || route.isOptional() || preflight)
                        .as("admitted to %s", route)
                        .isTrue();
                cases.count("admitted without a token");
            } else {
                assertThat(route.isOpen()).isFalse();
                assertRefusal(outcome.response().orElseThrow());
                cases.count(outcome.refusal().orElseThrow().error().name());
            }
        });
        if (run.isWhole()) {
            assertThat(run.counted("TOKEN_MALFORMED")).isPositive();
            assertThat(run.counted("SIGNATURE_INVALID")).isPositive();
            assertThat(run.counted("TOKEN_AMBIGUOUS")).isPositive();
            assertThat(run.counted("CLAIM_MISSING")).isPositive(); // a cookie without CSRF value
        }
    }

    @Test
    void noEndpointAnswersGarbageWithAnythingBut4xx() {
        Cases.run("noEndpointAnswersGarbageWithAnythingBut4xx", (random, cases) -> {
            Latchkey auth = all.get(random.nextInt(all.size()));
            String path = List.copyOf(auth.endpoints()).get(random.nextInt(3));
            RawRequest request = request(random, path);
            AuthResponse response = auth.serve(request);
            if (path.endsWith("/logout")
                    && response.status() != 403
                    && request.method().equals("POST")) {
                assertThat(response.status()).isEqualTo(204);
            } else {
                assertRefusal(response);
            }
            cases.count(path + " " + response.status());
        });
    }

    /** Percent-encoded in a query or a form, or escaped in JSON, a token is the same token. */
    private static String unescaped(String text) {
        return Pattern.compile("(?:%|\\\\u00)([0-9A-Fa-f]{2})")
                .matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    private static void assertRefusal(AuthResponse response) throws Json.MalformedException {
        assertThat(response.status()).isBetween(400, 499);
        assertThat(Json.read(response.body().getBytes(StandardCharsets.UTF_8))).isInstanceOf(Map.class);
        response.headers()
                .values()
                .forEach(lines -> lines.forEach(line -> {
                    if (line.chars().anyMatch(c -> c < ' ' || c > 126)) {
                        throw new AssertionError("header " + line);
                    }
                }));
    }

    private RawRequest request(SplittableRandom random, String path) {
        Mutations mutations = new Mutations(random);
        String method = List.of("POST", "GET", "OPTIONS", "PUT", "HEAD", "post", "POST ", "", "\u0130")
                .get(random.nextInt(random.nextBoolean() ? 1 : 9));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = NAMES.get(random.nextInt(random.nextBoolean() ? 3 : NAMES.size()));
            headers.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(
                            switch (name) {
                                case "Content-Type" -> contentType(random, mutations);
                                case "Cookie", "cookie" -> cookies(random, mutations);
                                default -> header(random, mutations);
                            });
        }
        if (random.nextBoolean()) {
            headers.put("content-type", List.of(contentType(random, mutations)));
        }
        String query = random.nextInt(3) == 0 ? pairs(random, mutations, "&") : "";
        return new RawRequest(method, path, query, headers, body(random, mutations));
    }

    private String cookies(SplittableRandom random, Mutations mutations) {
        return pairs(random, mutations, random.nextInt(4) == 0 ? ";" : "; ");
    }

    /** What a query, a form or a line of cookies could hold. */
    private String pairs(SplittableRandom random, Mutations mutations, String between) {
        List<String> pairs = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = List.of(
                            "access_token_cookie", "refresh_token_cookie", "jwt", "access_token", "csrf_token", "a")
                    .get(random.nextInt(6));
            String value = random.nextInt(4) == 0 ? garbage(random, 20) : token(random, mutations);
            pairs.add(random.nextInt(8) == 0 ? mutations.mutate(name + "=" + value) : name + "=" + value);
        }
        return String.join(between, pairs);
    }

    private static String contentType(SplittableRandom random, Mutations mutations) {
        String type = List.of(
                        "application/json",
                        "application/json;charset=utf-8",
                        "application/a+json",
                        "text/plain",
                        "application/x-www-form-urlencoded")
                .get(random.nextInt(5));
        return random.nextInt(4) == 0 ? mutations.mutate(type) : type;
    }

    private String header(SplittableRandom random, Mutations mutations) {
        String scheme =
                List.of("Bearer ", "bearer\t", "JWT ", "", "Basic ", "Bearer  ").get(random.nextInt(6));
        return switch (random.nextInt(6)) {
            case 0 -> garbage(random, 40);
            case 1 -> mutations.mutate(scheme + token(random, mutations));
            case 2 -> scheme + token(random, mutations) + ", " + scheme + token(random, mutations);
            default -> scheme + token(random, mutations);
        };
    }

    /** Never the genuine one: that a mutant may be, by chance. */
    private String token(SplittableRandom random, Mutations mutations) {
        String token = switch (random.nextInt(4)) {
            case 0 -> bad.get(random.nextInt(bad.size()));
            case 1 -> garbage(random, 30) + "." + garbage(random, 30) + "." + garbage(random, 30);
            case 2 -> crafted(random, mutations);
            default -> mutations.mutate(genuine);
        };
        return token.contains(genuine) ? "." : token;
    }

    private static String crafted(SplittableRandom random, Mutations mutations) {
        Shapes shapes = new Shapes(random);
        String header = mutations.mutate("{\"alg\":\"HS256\",\"typ\":\"JWT\","
                + shapes.spell(shapes.object(2, 40)).strip().substring(1));
        return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + ".e30.AAAA";
    }

    private byte[] body(SplittableRandom random, Mutations mutations) {
        Shapes shapes = new Shapes(random);
        Map<String, Object> json = new LinkedHashMap<>();
        for (String name : List.of("access_token", "refresh_token", "username", "password")) {
            if (random.nextBoolean()) {
                json.put(name, random.nextInt(4) == 0 ? shapes.value(34) : token(random, mutations));
            }
        }
        return switch (random.nextInt(8)) {
            case 0 -> garbage(random, 60).getBytes(StandardCharsets.ISO_8859_1);
            case 1 -> mutations.mutate(shapes.spell(json)).getBytes(StandardCharsets.UTF_8);
            case 2 -> mutations.mutate(shapes.spell(json)).getBytes(StandardCharsets.ISO_8859_1);
            case 4 -> pairs(random, mutations, "&").getBytes(StandardCharsets.ISO_8859_1);
            case 3 -> new byte[random.nextInt(64) == 0 ? (AuthRequest.MAX_BODY - 1) + random.nextInt(3) : 0];
            default -> shapes.spell(json).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String garbage(SplittableRandom random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append((char) random.nextInt(random.nextInt(8) == 0 ? 0x10000 : 0x100));
        }
        return text.toString();
    }
}
