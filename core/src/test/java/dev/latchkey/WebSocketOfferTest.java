package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A browser's WebSocket offers its token as a sub-protocol. */
class WebSocketOfferTest {

    private final Latchkey auth =
            Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();
    private final String token = auth.accessToken("alice");

    private static Request handshake(String... protocols) {
        Request request = Request.get("/live").header("Upgrade", "WebSocket");
        for (String line : protocols) {
            request = request.header("Sec-WebSocket-Protocol", line);
        }
        return request;
    }

    private Outcome check(Request request) {
        return auth.check(request, Access.required());
    }

    private void refused(Request request, AuthError error) {
        assertThat(check(request).refusal().map(AuthException::error)).contains(error);
    }

    @Test
    void handshakeMayOfferTheToken() {
        assertThat(check(handshake("notes, bearer." + token)).token()).isPresent();
        assertThat(check(handshake("notes", "bearer." + token)).token()).isPresent();
        assertThat(check(handshake("bearer." + token + " ,notes")).token()).isPresent();
    }

    @Test
    void badOfferIsRefused() {
        refused(handshake(), AuthError.TOKEN_MISSING);
        refused(handshake("notes"), AuthError.TOKEN_MISSING);
        refused(handshake("Bearer." + token), AuthError.TOKEN_MISSING);
        refused(handshake("notes, bearer."), AuthError.TOKEN_MALFORMED);
        refused(handshake("notes, bearer.x"), AuthError.TOKEN_MALFORMED);
        refused(handshake("bearer." + token + " x"), AuthError.TOKEN_MALFORMED);
    }

    @Test
    void twoTokensAreRefused() {
        refused(handshake("bearer." + token + ", bearer." + token), AuthError.TOKEN_AMBIGUOUS);
        refused(handshake("bearer." + token).header("Authorization", "Bearer " + token), AuthError.TOKEN_AMBIGUOUS);
    }

    @Test
    void anotherSchemeInTheHeaderDoesNotHideTheOffer() {
        assertThat(check(handshake("bearer." + token).header("Authorization", "Basic YTpi"))
                        .token())
                .isPresent();
    }

    @Test
    void requestThatIsNoHandshakeOffersNothing() {
        refused(Request.get("/live").header("Sec-WebSocket-Protocol", "bearer." + token), AuthError.TOKEN_MISSING);
        refused(
                Request.get("/live").header("Upgrade", "h2c").header("Sec-WebSocket-Protocol", "bearer." + token),
                AuthError.TOKEN_MISSING);
    }

    @Test
    void handshakeMaySelectWhatIsNoToken() {
        assertThat(handshake("notes, bearer." + token + " ,, live", "bearer.x").subProtocols())
                .containsExactly("notes", "live");
        assertThat(handshake("bearer." + token).subProtocols()).isEmpty();
        assertThat(handshake().subProtocols()).isEmpty();
    }
}
