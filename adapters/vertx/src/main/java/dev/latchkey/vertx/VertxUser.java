package dev.latchkey.vertx;

import dev.latchkey.VerifiedToken;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authorization.Authorization;
import io.vertx.ext.auth.authorization.PermissionBasedAuthorization;
import io.vertx.ext.auth.authorization.RoleBasedAuthorization;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;

/** A token as Vert.x's own authorization sees it: laid out as its JWT authentication does. */
final class VertxUser {

    private VertxUser() {}

    static User of(VerifiedToken token) {
        JsonObject claims = new JsonObject(new LinkedHashMap<>(token.claims().asMap()));
        JsonObject attributes = new JsonObject()
                .put("accessToken", claims)
                .put("rootClaim", "accessToken")
                .put("iat", token.claims().issuedAt().getEpochSecond())
                .put("exp", token.expiresAt().getEpochSecond());
        // The subject alone: User.subject() prefers a claim "username", which anybody may have been let choose.
        User user = User.create(new JsonObject().put("sub", token.subject()), attributes);
        Set<Authorization> granted = new HashSet<>();
        token.roles().forEach(role -> granted.add(RoleBasedAuthorization.create(role)));
        token.scopes().forEach(scope -> granted.add(PermissionBasedAuthorization.create(scope)));
        user.authorizations().put("latchkey", granted);
        return user;
    }
}
