package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** One public class for each adapter or store. */
abstract class Architecture {

    private final Class<?> only;

    final JavaClasses classes;

    Architecture(Class<?> only) {
        this.only = only;
        this.classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(only.getPackageName());
    }

    @Test
    void oneClassIsPublic() {
        assertThat(classes.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactly(only.getSimpleName());
    }
}
