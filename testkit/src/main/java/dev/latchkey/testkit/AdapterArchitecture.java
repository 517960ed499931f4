package dev.latchkey.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.Principal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core decides, the adapter translates. Needs ArchUnit on the class path of the tests. */
public abstract class AdapterArchitecture {

    private final Class<?> adapter;
    private final String[] forbidden;
    private final JavaClasses classes;

    /** For an adapter's one public class, and packages of its framework that would make decisions. */
    protected AdapterArchitecture(Class<?> adapter, String... forbidden) {
        this.adapter = adapter;
        this.forbidden = Stream.concat(
                        Stream.of(
                                "javax.crypto..",
                                "java.security..",
                                "java.util.regex..",
                                "com.fasterxml..",
                                "tools.jackson.."),
                        Stream.of(forbidden))
                .toArray(String[]::new);
        this.classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(adapter.getPackageName());
    }

    @Test
    void oneClassIsPublic() {
        assertThat(classes.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactly(adapter.getSimpleName());
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
