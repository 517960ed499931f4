package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.AuthError;
import dev.latchkey.AuthException;
import dev.latchkey.AuthRequest;
import dev.latchkey.AuthResponse;
import dev.latchkey.Latchkey;
import dev.latchkey.Login;
import dev.latchkey.TokenStore.RefreshToken;
import dev.latchkey.TokenStore.Rotation;
import dev.latchkey.Tokens;
import dev.latchkey.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One user with some devices, who does all that a user can while several actors take turns, and a model of what must
 * never come of it: nothing is admitted that was sent after its end had returned, and nothing is refused before an end of
 * it began.
 */
final class ScheduledUser {

    private static final Access GENUINE = Access.required().withoutRevocationCheck();

    /** A session as its client sees it and as it must be. */
    static final class Device {
        private final List<String> access = new ArrayList<>();
        private final List<String> refreshIds = new ArrayList<>();
        private final String session;
        private final VerifiedToken first;
        private final String firstRefresh;
        private String refresh;

        /** An end of it has begun. */
        private boolean ending;

        /** An end of it has returned. */
        private boolean over;

        private Device(Latchkey node, Tokens tokens) {
            session = tokens.sessionId().orElseThrow();
            access.add(tokens.accessToken());
            first = node.verify(tokens.accessToken(), GENUINE);
            firstRefresh = tokens.refreshToken().orElseThrow();
            refresh = firstRefresh;
            refreshIds.add((String) Objects.requireNonNull(
                    node.parseUnverified(refresh).claims().get("jti")));
        }
    }

    private final String name;
    private final Map<String, Integer> met;
    private final List<Device> devices = new ArrayList<>();
    private final Set<String> revoking = new HashSet<>();
    private final Set<String> revoked = new HashSet<>();
    private String password = "old";
    private @Nullable Tokens loggedIn;
    private int endsBegun;
    private int endsReturned;
    private boolean passwordChanged;

    /** A user of this name, who counts what happens. */
    ScheduledUser(String name, Map<String, Integer> met) {
        this.name = name;
        this.met = met;
    }

    /** How users log in; this finds the one of a name. */
    static Login login(Function<String, ScheduledUser> users) {
        return Login.of(Optional::of, name -> users.apply(name).password, String::equals, "dummy")
                .withResponse((name, tokens) -> {
                    users.apply((String) name).loggedIn = tokens;
                    return AuthResponse.json(200, Map.of());
                });
    }

    String name() {
        return name;
    }

    Device device(int number) {
        return devices.get(number % devices.size());
    }

    private void met(String event) {
        met.merge(event, 1, Integer::sum);
    }

    /** Logs in with the old password, as everybody does here. */
    void logIn(Latchkey node) {
        boolean changed = passwordChanged;
        boolean ending = endsReturned < endsBegun;
        int begun = endsBegun;
        AuthResponse response = node.serve(post("{\"username\":\"" + name + "\",\"password\":\"old\"}"));
        if (response.status() == 401) {
            assertThat(password).as("password of a login that was refused").isNotEqualTo("old");
            met("logins refused");
            return;
        }
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        assertThat(changed).as("login with a password changed before").isFalse();
        Device device = new Device(node, Objects.requireNonNull(loggedIn));
        device.ending = ending || begun != endsBegun;
        device.over = passwordChanged;
        devices.add(device);
        met("logins");
    }

    void refresh(Latchkey node, Device device) {
        refresh(node, device, device.refresh);
    }

    /** Presents the device's first refresh token once more, as whoever stole it does. */
    void steal(Latchkey node, Device device) {
        refresh(node, device, device.firstRefresh);
    }

    private void refresh(Latchkey node, Device device, String token) {
        boolean over = device.over;
        try {
            Tokens tokens = node.refresh(token);
            assertThat(over).as("refreshed after its end had returned").isFalse();
            device.access.add(tokens.accessToken());
            device.refresh = tokens.refreshToken().orElseThrow();
        } catch (AuthException e) {
            if (e.error() == AuthError.REFRESH_TOKEN_REUSED) {
                device.over = true;
            } else {
                assertThat(e.error()).isEqualTo(AuthError.TOKEN_REVOKED);
            }
            assertThat(device.ending).as("session lost without a cause").isTrue();
            met("refreshes refused");
        }
    }

    /** What the store answered, the moment it did. */
    void rotated(String session, String presented, Rotation answer) {
        Device device = devices.stream()
                .filter(known -> known.session.equals(session))
                .findAny()
                .orElseThrow();
        int age = device.refreshIds.size() - 1 - device.refreshIds.indexOf(presented);
        RefreshToken current = answer.current();
        met(answer.presented().name());
        switch (answer.presented()) {
            case ROTATED -> {
                assertThat(age).as("age of a token that was rotated").isZero();
                device.refreshIds.add(Objects.requireNonNull(current).id());
            }
            case REPEATED -> {
                assertThat(age).as("age of a token that was repeated").isEqualTo(1);
                assertThat(Objects.requireNonNull(current).id())
                        .as("successor")
                        .isEqualTo(device.refreshIds.get(device.refreshIds.size() - 1));
            }
            case REUSED -> {
                assertThat(age).as("age of a token that was reused").isGreaterThan(1);
                device.ending = true;
            }
            case ENDED ->
                assertThat(device.ending).as("session lost without a cause").isTrue();
        }
    }

    /** A protected call with one of the device's access tokens, the latest for 0. */
    void call(Latchkey node, Device device, int age) {
        call(node, device, device.access.get(Math.max(0, device.access.size() - 1 - age)));
    }

    private boolean call(Latchkey node, Device device, String token) {
        boolean over = device.over || revoked.contains(token);
        try {
            VerifiedToken admitted = node.verify(token);
            assertThat(over).as("admitted after its end had returned").isFalse();
            assertThat(admitted.subject()).isEqualTo(name);
            met("calls admitted");
            return true;
        } catch (AuthException e) {
            assertThat(e.error()).isEqualTo(AuthError.TOKEN_REVOKED);
            assertThat(device.ending || revoking.contains(token))
                    .as("refused without a cause")
                    .isTrue();
            met("calls refused");
            return false;
        }
    }

    /** Logs out with a token of the device, access or refresh. */
    void logOut(Latchkey node, Device device, boolean byRefreshToken) {
        device.ending = true;
        node.logout(byRefreshToken ? device.firstRefresh : device.access.get(0));
        device.over = true;
    }

    void endSession(Latchkey node, Device device) {
        device.ending = true;
        boolean unused = node.endSession(name, device.session);
        device.over = true;
    }

    void revoke(Latchkey node, Device device) {
        String token = device.access.get(0);
        revoking.add(token);
        node.revoke(device.first);
        revoked.add(token);
    }

    /** Whoever logs in meanwhile may find the session ended or not. */
    void logOutEverywhere(Latchkey node) {
        List<Device> known = List.copyOf(devices);
        endsBegun++;
        devices.forEach(device -> device.ending = true);
        node.revokeAll(name);
        known.forEach(device -> device.over = true);
        endsReturned++;
    }

    /** From then on, nobody is in with the old password but the device that changed it. */
    void changePassword(Latchkey node, @Nullable Device keep) {
        password = "new";
        endsBegun++;
        devices.stream().filter(device -> device != keep).forEach(device -> device.ending = true);
        if (keep == null) {
            node.revokeAll(name);
        } else {
            int unused = node.revokeOthers(keep.first);
        }
        devices.stream().filter(device -> device != keep).forEach(device -> device.over = true);
        passwordChanged = true;
        endsReturned++;
    }

    /** Once nothing is in flight, every node knows the same, and what it must. */
    void assertSettled(Latchkey left, Latchkey right) {
        for (Device device : devices) {
            for (String token : List.copyOf(device.access)) {
                boolean live = call(left, device, token);
                assertThat(call(right, device, token))
                        .as("admitted by the other node")
                        .isEqualTo(live);
            }
        }
    }

    /** The body of a login. */
    private static AuthRequest post(String json) {
        return AuthRequest.of(
                "POST",
                "/auth/login",
                null,
                name -> name.equalsIgnoreCase("Content-Type") ? List.of("application/json") : List.of(),
                null,
                limit -> json.getBytes(StandardCharsets.UTF_8));
    }
}
