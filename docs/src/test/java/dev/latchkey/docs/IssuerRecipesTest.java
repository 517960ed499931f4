package dev.latchkey.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.Issuer;
import dev.latchkey.Latchkey;
import dev.latchkey.VerifiedToken;
import org.junit.jupiter.api.Test;

/** Runs the recipes of docs/issuers.md, each against keys and tokens shaped as that provider's are. */
class IssuerRecipesTest extends TokensPage {

    /** No certificate of anything: it is not looked at. */
    private static final String CERTIFICATES =
            "'x5t':'NjVBRjY5MDlCMUIwNzU4RTA2QzZFMDQ4','x5c':['MIIDBTCCAe2gAwIBAgIQ']";

    private Latchkey trusting(Issuer issuer) {
        return builder.trust(issuer).build();
    }

    @Test
    void keycloak() {
        String sig = IdentityProvider.key("'kid':'rGBh','alg':'RS256','use':'sig','x5t#S256':'QHfz',", CERTIFICATES);
        String enc = IdentityProvider.key("'kid':'y1QJ','alg':'RSA-OAEP','use':'enc','x5t#S256':'atlc',", CERTIFICATES);
        String realm = "/realms/notes";
        try (IdentityProvider provider =
                new IdentityProvider(clock, realm, realm + "/protocol/openid-connect/certs", enc, sig)) {
            String issuer = provider.issuer();
            // region issuer keycloak
            Issuer keycloak = Issuer.of(issuer) // https://id.example.com/realms/notes
                    .audience("notes-api")
                    .accessTokenClaim("typ", "Bearer")
                    .roleClaim("realm_access.roles");
            // endregion
            Latchkey auth = trusting(keycloak);
            String header = "{'alg':'RS256','typ':'JWT','kid':'rGBh'}";
            String access = """
                    {'exp':SOON,'iat':NOW,'auth_time':NOW,'jti':'onrtac:5b0e7f','iss':'ISSUER','aud':['notes-api','account'],
                    'sub':'f3d2a1c0-2f0e','typ':'Bearer','azp':'notes-web','sid':'1c7b','acr':'1',
                    'realm_access':{'roles':['editor','offline_access']},
                    'resource_access':{'notes-api':{'roles':['publisher']},'account':{'roles':['view-profile']}},
                    'scope':'openid notes:read email','preferred_username':'alice'}""";
            VerifiedToken token = auth.verify(provider.token(header, access), Access.role("editor"));
            assertThat(token.roles()).containsExactly("editor", "offline_access");
            assertThat(token.scopes()).containsExactly("openid", "notes:read", "email");

            String id = """
                    {'exp':SOON,'iat':NOW,'auth_time':NOW,'jti':'1d3c','iss':'ISSUER','aud':['notes-web','notes-api'],
                    'sub':'f3d2a1c0-2f0e','typ':'ID','azp':'notes-web','sid':'1c7b','at_hash':'x','acr':'1',
                    'preferred_username':'alice'}""";
            assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(provider.token(header, id)));
            String other = access.replace("'notes-api','account'", "'account'");
            assertRefused(AuthError.AUDIENCE_INVALID, () -> auth.verify(provider.token(header, other)));
            String without = access.replace("'aud':['notes-api','account'],", "");
            assertRefused(AuthError.CLAIM_MISSING, () -> auth.verify(provider.token(header, without)));
            String encrypting = header.replace("rGBh", "y1QJ");
            assertRefused(AuthError.KEY_UNKNOWN, () -> auth.verify(provider.token(encrypting, access)));

            Latchkey ofClient = trusting(keycloak.roleClaim("resource_access.notes-api.roles"));
            assertThat(ofClient.verify(provider.token(header, access)).roles()).containsExactly("publisher");
            Latchkey typed = trusting(keycloak.accessTokenType("at+jwt"));
            assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> typed.verify(provider.token(header, access)));
            String at = header.replace("JWT", "at+jwt");
            assertThat(typed.verify(provider.token(at, access)).subject()).isEqualTo("f3d2a1c0-2f0e");
        }
    }

    @Test
    void auth0() {
        String next = IdentityProvider.key("'kid':'kid-of-the-next','alg':'RS256','use':'sig',", CERTIFICATES);
        String now = IdentityProvider.key("'kid':'RTAxRDg0MkI','alg':'RS256','use':'sig',", CERTIFICATES);
        try (IdentityProvider provider = new IdentityProvider(clock, "/", "/.well-known/jwks.json", now, next)) {
            String issuer = provider.issuer();
            // region issuer auth0
            Issuer auth0 = Issuer.of(issuer) // https://example.eu.auth0.com/ with the slash
                    .audience("https://notes.example.com/api")
                    .accessTokenType("at+jwt")
                    .roleClaim("permissions");
            // endregion
            Latchkey auth = trusting(auth0);
            String header = "{'alg':'RS256','typ':'at+jwt','kid':'RTAxRDg0MkI'}";
            String access = """
                    {'iss':'ISSUER','sub':'auth0|5f7c8ec7','aud':['https://notes.example.com/api','ISSUERuserinfo'],
                    'iat':NOW,'exp':SOON,'scope':'openid profile read:notes','jti':'73WakrfVbNJBaAmhQtEeDv',
                    'client_id':'my_client_id','permissions':['write:notes']}""";
            VerifiedToken token = auth.verify(provider.token(header, access), Access.scope("read:notes"));
            assertThat(token.roles()).containsExactly("write:notes");
            assertThat(token.subject()).isEqualTo("auth0|5f7c8ec7");

            String id = """
                    {'iss':'ISSUER','sub':'auth0|5f7c8ec7','aud':'my_client_id','iat':NOW,'exp':SOON,'nickname':'alice',
                    'email':'alice@example.com','email_verified':true,'sid':'x'}""";
            String plain = header.replace("at+jwt", "JWT");
            assertRefused(AuthError.AUDIENCE_INVALID, () -> auth.verify(provider.token(plain, id)));
            String forUs = id.replace("my_client_id", "https://notes.example.com/api");
            assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(provider.token(plain, forUs)));
            String other = access.replace("https://notes.example.com/api", "https://other.example.com/api");
            assertRefused(AuthError.AUDIENCE_INVALID, () -> auth.verify(provider.token(header, other)));

            Latchkey slashless = trusting(Issuer.of(issuer.replaceFirst("/$", ""))
                    .audience("https://notes.example.com/api")
                    .accessTokenType("at+jwt"));
            assertThatThrownBy(() -> slashless.verify(provider.token(header, access)))
                    .isInstanceOf(AuthException.class);
        }
    }

    @Test
    void entraId() {
        String members = "'kid':'i6lGk3FZzxRcUb2C3nEQ7syHJlY','use':'sig','issuer':'https://login.example.com/x/v2.0',";
        String tenant = "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        try (IdentityProvider provider = new IdentityProvider(
                clock,
                tenant + "/v2.0",
                tenant + "/discovery/v2.0/keys",
                IdentityProvider.key(members, CERTIFICATES))) {
            String issuer = provider.issuer();
            // region issuer entra
            Issuer entra = Issuer.of(issuer) // https://login.microsoftonline.com/<tenant id>/v2.0
                    .audience("6e74172b-be56-4843-9ff4-e66a39bb12e3") // the client id of this API
                    .accessTokenClaim("scp")
                    .scopeClaim("scp");
            // endregion
            Latchkey auth = trusting(entra);
            String header = "{'typ':'JWT','alg':'RS256','kid':'i6lGk3FZzxRcUb2C3nEQ7syHJlY'}";
            String access = """
                    {'aud':'6e74172b-be56-4843-9ff4-e66a39bb12e3','iss':'ISSUER','iat':NOW,'nbf':NOW,'exp':SOON,
                    'azp':'0f6a3c5e-web','azpacr':'0','name':'Alice','oid':'690222be-ff1a-4d56-abd1-7e4f7d38e474',
                    'preferred_username':'alice@example.com','rh':'I','roles':['Notes.Editor'],
                    'scp':'notes.read notes.write','sub':'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
                    'tid':'8eaef023-2b34-4da1-9baa-8bc8c9d6a490','uti':'fqiBqXLPj0eQa82S-IYFAA','ver':'2.0'}""";
            VerifiedToken token = auth.verify(provider.token(header, access), Access.scope("notes.read"));
            assertThat(token.scopes()).containsExactly("notes.read", "notes.write");
            assertThat(token.roles()).containsExactly("Notes.Editor");
            assertThat(token.claims().string("oid")).contains("690222be-ff1a-4d56-abd1-7e4f7d38e474");
            auth.revoke(token); // without jti
            assertRefused(AuthError.TOKEN_REVOKED, () -> auth.verify(provider.token(header, access)));

            // Of an application whose page and API share one registration.
            String id = """
                    {'aud':'6e74172b-be56-4843-9ff4-e66a39bb12e3','iss':'ISSUER','iat':NOW,'nbf':NOW,'exp':SOON,
                    'name':'Alice','nonce':'678910','oid':'690222be-ff1a-4d56-abd1-7e4f7d38e474',
                    'preferred_username':'alice@example.com','rh':'I','roles':['Notes.Editor'],
                    'sub':'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
                    'tid':'8eaef023-2b34-4da1-9baa-8bc8c9d6a490','uti':'IDtokenIdtoken','ver':'2.0'}""";
            assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(provider.token(header, id)));
            String graph =
                    access.replace("6e74172b-be56-4843-9ff4-e66a39bb12e3", "00000003-0000-0000-c000-000000000000");
            assertRefused(AuthError.AUDIENCE_INVALID, () -> auth.verify(provider.token(header, graph)));
            String guest = access.replace("ISSUER", "https://login.microsoftonline.com/9188040d/v2.0");
            assertThatThrownBy(() -> auth.verify(provider.token(header, guest))).isInstanceOf(AuthException.class);
        }
    }

    @Test
    void cognito() {
        String ofId = IdentityProvider.key("'kid':'1234example=','alg':'RS256','use':'sig'");
        String ofAccess = IdentityProvider.key("'kid':'5678example=','alg':'RS256','use':'sig'");
        String pool = "/eu-central-1_AbCdEfGhI";
        try (IdentityProvider provider =
                new IdentityProvider(clock, pool, pool + "/.well-known/jwks.json", ofId, ofAccess)) {
            String issuer = provider.issuer();
            // region issuer cognito
            Issuer cognito = Issuer.of(issuer) // https://cognito-idp.<region>.amazonaws.com/<user pool id>
                    .audience("57cbishk4j24pabc1234567890") // the ids of the app clients that may call
                    .audienceClaim("client_id")
                    .accessTokenClaim("token_use", "access")
                    .roleClaim("cognito:groups");
            // endregion
            Latchkey auth = trusting(cognito);
            String header = "{'kid':'5678example=','alg':'RS256'}";
            String access = """
                    {'sub':'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee','cognito:groups':['editors'],'iss':'ISSUER','version':2,
                    'client_id':'57cbishk4j24pabc1234567890','origin_jti':'o','event_id':'e','token_use':'access',
                    'scope':'notes/read openid','auth_time':NOW,'exp':SOON,'iat':NOW,'jti':'j','username':'alice'}""";
            VerifiedToken token = auth.verify(provider.token(header, access), Access.scope("notes/read"));
            assertThat(token.roles()).containsExactly("editors");

            String idHeader = header.replace("5678", "1234");
            String id = """
                    {'sub':'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee','cognito:groups':['editors'],'iss':'ISSUER',
                    'cognito:username':'alice','aud':'57cbishk4j24pabc1234567890','origin_jti':'o','event_id':'e',
                    'token_use':'id','auth_time':NOW,'exp':SOON,'iat':NOW,'jti':'k','email':'alice@example.com'}""";
            assertRefused(AuthError.CLAIM_MISSING, () -> auth.verify(provider.token(idHeader, id)));
            String pretending = id.replace("'aud'", "'client_id'");
            assertRefused(AuthError.TOKEN_TYPE_INVALID, () -> auth.verify(provider.token(idHeader, pretending)));
            String other = access.replace("57cbishk4j24pabc1234567890", "other");
            assertRefused(AuthError.AUDIENCE_INVALID, () -> auth.verify(provider.token(header, other)));
        }
    }
}
