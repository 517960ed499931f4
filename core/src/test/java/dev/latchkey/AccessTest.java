package dev.latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
}
