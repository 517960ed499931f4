package dev.latchkey.docs;

import static dev.latchkey.docs.Http.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import java.util.List;

/** What the ten lines of docs/adapters.md answer, whatever the framework. */
abstract class AdaptersPage {

    final Latchkey auth =
            Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();

    void answersAsThePageSays(Http http) {
        String stale = auth.accessToken("alice");
        String fresh = auth.issue("alice").accessToken();
        String admin = auth.accessToken("bob", Grant.create().claim("roles", List.of("admin")));

        assertThat(http.get("/health").body()).isEqualTo("ok");
        assertThat(http.get("/health", bearer("garbage")).body()).isEqualTo("ok");
        assertThat(http.get("/me").body()).contains("token_missing");
        assertThat(http.get("/me", bearer("garbage")).statusCode()).isEqualTo(401);
        assertThat(http.get("/me", bearer(stale)).body()).isEqualTo("alice");
        assertThat(http.get("/admin/people", bearer(stale)).body()).contains("role_missing");
        assertThat(http.get("/admin/people", bearer(admin)).body()).isEqualTo("everybody");
        assertThat(http.post("/password", "{}", bearer(stale)).body()).contains("fresh_token_required");
        assertThat(http.post("/password", "{}", bearer(fresh)).body()).isEqualTo("changed");
        assertThat(http.get("/auth/logout", bearer(fresh)).statusCode()).isEqualTo(405);
        assertThat(http.post("/auth/logout", "{}", bearer(fresh)).statusCode()).isEqualTo(204);
        assertThat(http.get("/me", bearer(fresh)).body()).contains("token_revoked");
    }
}
