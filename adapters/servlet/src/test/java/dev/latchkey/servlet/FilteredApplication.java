package dev.latchkey.servlet;

import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import java.util.List;
import java.util.Optional;

/** What the tests of the filter share. */
abstract class FilteredApplication {

    final Latchkey auth = Latchkey.builder()
            .issuer("notes")
            .key(JwtKey.generate())
            .userLoader(claims -> Optional.of("user " + claims.subject()))
            .build();
    final String token = auth.accessToken("alice", Grant.create().claim("roles", List.of("editor", "reader")));
    final String bearer = "Authorization: Bearer " + token;

    static String get(App app, String target, String... headers) {
        return Raw.brief(Raw.get(app, target, headers));
    }
}
