package dev.latchkey.vertx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The core decides, the adapter translates. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.latchkey.vertx");

    @Test
    void oneClassIsPublic() {
        assertThat(classes.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactly("LatchkeyHandler");
    }

    @Test
    void noSecurityDecisionIsMadeHere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "javax.crypto..",
                        "java.security..",
                        "java.util.regex..",
                        "com.fasterxml..",
                        "tools.jackson..",
                        "io.vertx.ext.auth.impl..",
                        "io.vertx.ext.auth.authentication..",
                        "io.netty..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        ".*\\.(Base64|Cookie|HttpCookie|URLDecoder|QueryStringDecoder|Json|JsonCodec)(\\$.*)?")
                .check(classes);
    }
}
