package dev.latchkey.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.security.Principal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core decides, the adapter translates. Needs ArchUnit on the class path of the tests. */
public abstract class AdapterArchitecture extends Architecture {

    private final String[] forbidden;

    /** For an adapter's one public class, and packages of its framework that would make decisions. */
    protected AdapterArchitecture(Class<?> adapter, String... forbidden) {
        super(adapter);
        this.forbidden = Stream.concat(
                        Stream.of(
                                "javax.crypto..",
                                "java.security..",
                                "java.util.regex..",
                                "com.fasterxml..",
                                "tools.jackson.."),
                        Stream.of(forbidden))
                .toArray(String[]::new);
    }

    @Test
    void noSecurityDecisionIsMadeHere() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(forbidden).and(not(type(Principal.class))))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        ".*\\.(Base64|Cookie|HttpCookie|URLDecoder|QueryStringDecoder|Json|JsonCodec)(\\$.*)?")
                .check(classes);
    }
}
