package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeAndRoleTest {

    private final Latchkey auth =
            Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();

    private String with(String claim, Object value) {
        return auth.accessToken("alice", Grant.create().claim(claim, value));
    }

    @Test
    void scopesAreWordsOfOneTextOrAListAndAllAreNeeded() {
        Access both = Access.scope("notes:read").withScope("notes:write");

        assertThat(auth.verify(with("scope", "notes:write other notes:read"), both)
                        .subject())
                .isEqualTo("alice");
        assertThat(auth.verify(with("scope", List.of("notes:read", "notes:write")), both)
                        .subject())
                .isEqualTo("alice");
        for (Object few : List.of(
                "notes:read",
                List.of("notes:write"),
                "",
                7,
                List.of("notes:read", 7),
                Map.of(),
                "notes:read,notes:write")) {
            Refusal.expect(AuthError.SCOPE_INSUFFICIENT, () -> auth.verify(with("scope", few), both));
        }
        Refusal.expect(AuthError.SCOPE_INSUFFICIENT, () -> auth.verify(auth.accessToken("alice"), both));
    }

    @Test
    void oneOfTheRolesIsEnough() {
        Access access = Access.role("admin", "auditor");

        assertThat(auth.verify(with("roles", List.of("user", "auditor")), access)
                        .subject())
                .isEqualTo("alice");
        assertThat(auth.verify(with("roles", "admin"), access).subject()).isEqualTo("alice");
        for (Object none : List.of("Admin", List.of(), "administrator", true, List.of(List.of("admin")))) {
            Refusal.expect(AuthError.ROLE_MISSING, () -> auth.verify(with("roles", none), access));
        }
    }

    @Test
    void claimsMayLieDeepOrHaveDotsInTheirName() {
        Latchkey deep = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .roleClaim("realm_access.roles")
                .scopeClaim("https://notes.example/scopes")
                .build();
        Grant grant = Grant.create()
                .claim("realm_access", Map.of("roles", List.of("admin")))
                .claim("https://notes.example/scopes", "notes:read");

        Access access = Access.role("admin").withScope("notes:read");
        assertThat(deep.verify(deep.accessToken("alice", grant), access).subject())
                .isEqualTo("alice");
        String flat = deep.accessToken(
                "alice", Grant.create().claim("realm_access", "admin").claim("roles", "admin"));
        Refusal.expect(AuthError.ROLE_MISSING, () -> deep.verify(flat, Access.role("admin")));
    }

    @Test
    void tokenTellsItsRoles() {
        assertThat(auth.verify(with("roles", List.of("user", "auditor"))).roles())
                .containsExactly("user", "auditor");
        assertThat(auth.verify(with("roles", "user auditor")).roles()).containsExactly("user", "auditor");
        assertThat(auth.verify(with("roles", 7)).roles()).isEmpty();
        assertThat(auth.verify(auth.accessToken("alice")).roles()).isEmpty();
    }

    @Test
    void refusalTellsWhichScopesWouldDo() {
        Access access = Access.scope("notes:read", "notes:write");
        Outcome outcome = auth.check(Request.bearer(auth.accessToken("alice")), access);

        AuthResponse response = outcome.response().orElseThrow();
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"msg\":\"Insufficient scope\",\"code\":\"scope_insufficient\"}");
        assertThat(response.headers().get("WWW-Authenticate"))
                .containsExactly("Bearer error=\"insufficient_scope\", error_description=\"Insufficient scope\", "
                        + "scope=\"notes:read notes:write\"");
    }

    @Test
    void refusesNamesThatCannotStandInAChallenge() {
        for (String word : List.of("", "two words", "quo\"te", "back\\slash", "é", "line\n")) {
            assertThatThrownBy(() -> Access.scope(word)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Access.role("ok", word)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void badTokenOfAnOptionalRouteMayCountAsNone() {
        List<AuthError> told = new ArrayList<>();
        Access lenient = Access.optional().withBadTokenAsAnonymous(refusal -> told.add(refusal.error()));

        for (String header : List.of("garbage", auth.refreshToken("alice"), "")) {
            Outcome outcome = auth.check(Request.bearer(header), lenient);
            assertThat(outcome.admitted()).isTrue();
            assertThat(outcome.token()).isEmpty();
        }
        assertThat(auth.check(Request.bearer(auth.accessToken("alice")), lenient)
                        .token())
                .isPresent();
        assertThat(told)
                .containsExactly(AuthError.TOKEN_MALFORMED, AuthError.TOKEN_TYPE_INVALID, AuthError.HEADER_MALFORMED);
    }

    @Test
    void outageOfAnOptionalRouteRefusesAllTheSame() {
        Latchkey down = Latchkey.builder()
                .issuer("notes")
                .key(JwtKey.generate())
                .revokedWhen(claims -> {
                    throw new IllegalStateException("down");
                })
                .build();
        Access lenient = Access.optional().withBadTokenAsAnonymous(refusal -> {});
        Access angry = Access.optional().withBadTokenAsAnonymous(refusal -> {
            throw new IllegalStateException("angry");
        });

        assertThat(down.check(Request.bearer(down.accessToken("alice")), lenient)
                        .refusal())
                .hasValueSatisfying(e -> assertThat(e.error()).isEqualTo(AuthError.UNAVAILABLE));
        assertThat(auth.check(Request.bearer("garbage"), angry).refusal())
                .hasValueSatisfying(e -> assertThat(e.error()).isEqualTo(AuthError.UNAVAILABLE));
        assertThatThrownBy(() -> Access.required().withBadTokenAsAnonymous(refusal -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tokenTellsItsScopesAndRoles() {
        Grant grant = Grant.create().claim("scope", "notes:read notes:write").claim("roles", List.of("admin"));

        VerifiedToken token = auth.verify(auth.accessToken("alice", grant));

        assertThat(token.scopes()).containsExactly("notes:read", "notes:write");
        assertThat(token.roles()).containsExactly("admin");
        assertThat(auth.verify(auth.accessToken("alice")).roles()).isEmpty();
    }
}
