package dev.latchkey;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules that a compiler does not know. */
class ArchitectureTest {

    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.latchkey");

    @Test
    void coreNeedsTheJdkJacksonCoreAndNimbusAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.latchkey",
                        "java..",
                        "javax.crypto..",
                        "com.fasterxml.jackson.core..",
                        "com.nimbusds.jose..",
                        "org.jspecify..")
                .check(CORE);
    }

    @Test
    void noPublicSignatureNamesAnotherLibrary() {
        List<String> foreign = CORE.stream()
                .filter(ArchitectureTest::isVisible)
                .flatMap(type -> type.getMembers().stream())
                .filter(ArchitectureTest::isVisible)
                .flatMap(member -> member.getAllInvolvedRawTypes().stream()
                        .map(JavaClass::getBaseComponentType)
                        .filter(used -> !used.isPrimitive()
                                && !used.getPackageName().startsWith("java.")
                                && !(used.getPackageName().equals("dev.latchkey") && isVisible(used)))
                        .map(used -> member.getFullName() + " names " + used.getName()))
                .toList();
        assertThat(foreign).isEmpty();
    }

    @Test
    void fewTypesArePublic() {
        Set<String> visible = CORE.stream()
                .filter(ArchitectureTest::isVisible)
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(visible).contains("Latchkey", "Access", "JwtKey").hasSizeLessThanOrEqualTo(36);
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        return isVisible(member.getModifiers());
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    @Test
    void nobodyImplementsWhatOnlyTheCoreMayMake() {
        classes()
                .that()
                .haveSimpleName("VerifiedToken")
                .or()
                .haveSimpleName("Claims")
                .or()
                .haveSimpleName("AuthException")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CORE);
        assertThat(CORE.get(VerifiedToken.class).getConstructors())
                .noneMatch(constructor -> isVisible(constructor.getModifiers()));
    }

    @Test
    void nothingSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CORE);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .check(new ClassFileImporter().importPackages("dev.latchkey"));
    }

    @Test
    void nothingPrints() {
        assertThat(sources(path -> path.toString().contains("src/main/")))
                .noneMatch(source -> read(source).matches("(?s).*(System\\.(out|err)|printStackTrace).*"));
    }

    @Test
    void timeAndChanceComeFromOutside() {
        assertThat(sources(path -> path.toString().contains("src/main/")))
                .noneMatch(source ->
                        read(source).matches("(?s).*(System\\.currentTimeMillis|Instant\\.now\\(|nanoTime).*"));
    }

    @Test
    void noSourceFileIsLong() {
        assertThat(sources(path -> true))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(read(source).lines().count())
                        .as(source.getFileName().toString())
                        .isLessThanOrEqualTo(350));
    }

    @Test
    void namesSayNoNoise() {
        assertThat(CORE.stream().map(JavaClass::getSimpleName))
                .noneMatch(name ->
                        Arrays.asList("Manager", "Helper", "Util", "Utils", "Impl", "Processor", "Info").stream()
                                .anyMatch(name::endsWith));
    }

    private static List<Path> sources(Predicate<Path> which) {
        try (Stream<Path> files = Files.walk(ROOT.resolve("core/src"))) {
            return files.filter(path -> path.toString().endsWith(".java"))
                    .filter(which)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
