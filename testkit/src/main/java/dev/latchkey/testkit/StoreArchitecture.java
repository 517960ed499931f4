package dev.latchkey.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A store stands on the core and on its engine's client. Needs ArchUnit on the class path of the tests. */
public abstract class StoreArchitecture extends Architecture {

    private final String[] allowed;

    /** For a store's one public class, and the packages of its client that it may use. */
    protected StoreArchitecture(Class<?> store, String... client) {
        super(store);
        this.allowed = Stream.concat(Stream.of("java..", "dev.latchkey..", "org.jspecify.."), Stream.of(client))
                .toArray(String[]::new);
    }

    @Test
    void needsNothingButItsClient() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed).check(classes);
    }
}
