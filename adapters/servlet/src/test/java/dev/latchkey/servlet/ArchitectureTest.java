package dev.latchkey.servlet;

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
import org.junit.jupiter.api.Test;

/** The core decides, the adapter translates. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.latchkey.servlet");

    @Test
    void oneClassIsPublic() {
        assertThat(classes.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactly("LatchkeyFilter");
    }

    @Test
    void noSecurityDecisionIsMadeHere() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "javax.crypto..",
                                "java.security..",
                                "java.util.regex..",
                                "com.fasterxml..",
                                "tools.jackson..")
                        .and(not(type(Principal.class))))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(Base64|Cookie|HttpCookie|URLDecoder)(\\$.*)?")
                .check(classes);
    }
}
