package cloud.klink.webhooks.verifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The floors of this module: a package uses those below it, never those above. */
class ArchitectureTest {

  private static final String ROOT = "cloud.klink.webhooks.verifier";

  private final JavaClasses classes = new ClassFileImporter()
      .importUrl(WebhookVerifier.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void packages_everywhere_useOnlyTheFloorsBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .optionalLayer("verifier")
        .definedBy(ROOT)
        .optionalLayer("receive")
        .definedBy(ROOT + ".receive..")
        .optionalLayer("explain")
        .definedBy(ROOT + ".explain..")
        .optionalLayer("jdk")
        .definedBy(ROOT + ".jdk..")
        .optionalLayer("servlet")
        .definedBy(ROOT + ".servlet..")
        .optionalLayer("websocket")
        .definedBy(ROOT + ".websocket..")
        .optionalLayer("metrics")
        .definedBy(ROOT + ".metrics..")
        .optionalLayer("testing")
        .definedBy(ROOT + ".testing..")
        .optionalLayer("spring")
        .definedBy(ROOT + ".spring..")
        .optionalLayer("internal")
        .definedBy(ROOT + ".internal..")
        .whereLayer("spring")
        .mayOnlyAccessLayers("metrics", "servlet", "receive", "explain", "verifier", "internal")
        .whereLayer("metrics")
        .mayOnlyAccessLayers("receive", "verifier")
        .whereLayer("testing")
        .mayOnlyAccessLayers("verifier")
        .whereLayer("jdk")
        .mayOnlyAccessLayers("receive", "explain", "verifier", "internal")
        .whereLayer("servlet")
        .mayOnlyAccessLayers("receive", "explain", "verifier", "internal")
        .whereLayer("websocket")
        .mayOnlyAccessLayers("receive", "explain", "verifier", "internal")
        .whereLayer("receive")
        .mayOnlyAccessLayers("verifier", "internal")
        .whereLayer("explain")
        .mayOnlyAccessLayers("verifier", "internal")
        .whereLayer("verifier")
        .mayOnlyAccessLayers("internal")
        .whereLayer("internal")
        .mayNotAccessAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(classes);
  }

  @Test
  void packages_everywhere_areFreeOfCycles() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(classes);
  }

  @Test
  void classes_everywhere_leaveTheConsoleAlone() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
  }

  @Test
  void classes_everywhere_leaveJavaUtilLoggingAlone() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(classes);
  }

  @Test
  void classes_everywhere_leaveTheOtherSideAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("cloud.klink.webhooks.sender..")
        .check(classes);
  }

  /**
   * What is optional is needed by one package each, so that it costs nothing where it is absent.
   */
  @Test
  void optionalLibraries_areUsedByTheirOwnPackagesAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".spring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "tools.jackson..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".spring..", ROOT + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(classes);
  }

  /** Each package is a slice of its own, the root package too. */
  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return javaClass.getPackageName().startsWith(ROOT)
          ? SliceIdentifier.of(javaClass.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages below " + ROOT;
    }
  }
}
