package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    @Test
    void saysWhatItDemands() {
        assertThat(Access.open()).hasToString("open");
        assertThat(Access.required()).hasToString("required");
        assertThat(Access.optional()).hasToString("optional");
        assertThat(Access.fresh()).hasToString("required fresh");
        assertThat(Access.refresh()).hasToString("required refresh");
        assertThat(Access.anyType()).hasToString("required any type");
        assertThat(Access.type("invite")
                        .withFresh()
                        .withMaxAge(Duration.ofMinutes(5))
                        .withLocations(TokenLocation.JSON, TokenLocation.JSON)
                        .withoutUser()
                        .withoutRevocationCheck())
                .hasToString("required invite fresh maxAge=PT5M locations=[JSON] withoutUser withoutRevocationCheck");
    }

    @Test
    void copiesChangeNothingButWhatTheySay() {
        Access first = Access.required();
        assertThat(first.withFresh().wantsFresh()).isTrue();
        assertThat(first.wantsFresh()).isFalse();
        assertThat(Access.optional().withFresh().isOptional()).isTrue();
        assertThat(first.withoutUser().withFresh().wantsUser()).isFalse();
    }

    @Test
    void anOpenRouteDemandsNothing() {
        assertThatThrownBy(() -> Access.open().withFresh())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an open route looks at no token: start from required() or optional()");
        assertThatThrownBy(() -> Access.open().withoutUser()).isInstanceOf(IllegalStateException.class);
    }

    /** A type from a missing setting must not turn into any type. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void refusesATypeThatIsNone(String type) {
        assertThatThrownBy(() -> Access.type(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the type of a token must not be blank: anyType() takes any");
    }

    @Test
    void refusesAMaxAgeBelowOneSecond() {
        assertThatThrownBy(() -> Access.required().withMaxAge(Duration.ZERO))
                .hasMessage("maxAge is PT0S, needs at least one second");
    }

    @Test
    void coversWhatDemandsNoMore() {
        Access admin = Access.role("admin").withFresh().withScope("a", "b").withMaxAge(Duration.ofMinutes(1));
        assertThat(List.of(
                        Access.open(),
                        Access.optional(),
                        Access.optional().withBadTokenAsAnonymous(e -> {}),
                        Access.required(),
                        Access.required().withoutUser(),
                        Access.required().withoutRevocationCheck(),
                        Access.fresh(),
                        Access.scope("b"),
                        Access.role("admin", "auditor"),
                        Access.required().withMaxAge(Duration.ofMinutes(1)),
                        Access.required().withMaxAge(Duration.ofMinutes(2)),
                        admin))
                .allMatch(admin::covers);
        assertThat(Access.refresh().covers(Access.anyType())).isTrue();
        assertThat(Access.optional().covers(Access.optional())).isTrue();
        assertThat(Access.open().covers(Access.open())).isTrue();
        assertThat(Access.required()
                        .withLocations(TokenLocation.JSON)
                        .covers(Access.required().withLocations(TokenLocation.JSON)))
                .isTrue();
    }

    @Test
    void coversNothingThatDemandsMoreOrSomethingElse() {
        Access lenient = Access.optional().withBadTokenAsAnonymous(e -> {});
        assertThat(List.of(Access.optional(), Access.required(), lenient))
                .noneMatch(more -> Access.open().covers(more));
        assertThat(Access.optional().covers(Access.required())).isFalse();
        assertThat(lenient.covers(Access.optional())).isFalse();
        assertThat(List.of(
                        Access.refresh(),
                        Access.type("invite"),
                        Access.fresh(),
                        Access.role("admin"),
                        Access.scope("a"),
                        Access.required().withMaxAge(Duration.ofMinutes(1)),
                        Access.required().withLocations(TokenLocation.HEADER)))
                .noneMatch(more -> Access.required().covers(more));
        assertThat(Access.anyType().covers(Access.required())).isFalse();
        assertThat(Access.refresh().covers(Access.required())).isFalse();
        assertThat(Access.role("admin", "auditor").covers(Access.role("admin"))).isFalse();
        assertThat(Access.scope("a").covers(Access.scope("a", "b"))).isFalse();
        assertThat(Access.required().withoutUser().covers(Access.required())).isFalse();
        assertThat(Access.required().withoutRevocationCheck().covers(Access.required()))
                .isFalse();
        assertThat(Access.required().withMaxAge(Duration.ofMinutes(2)))
                .matches(access -> !access.covers(Access.required().withMaxAge(Duration.ofMinutes(1))));
        assertThat(Access.required().withLocations(TokenLocation.JSON).covers(Access.required()))
                .isFalse();
    }
}
