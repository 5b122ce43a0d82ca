package cloud.klink.webhooks.sender;

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

  private static final String ROOT = "cloud.klink.webhooks.sender";

  private final JavaClasses classes = new ClassFileImporter()
      .importUrl(WebhookSender.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void packages_everywhere_useOnlyTheFloorsBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .optionalLayer("spring")
        .definedBy(ROOT + ".spring..")
        .optionalLayer("sender")
        .definedBy(ROOT)
        .optionalLayer("manage")
        .definedBy(ROOT + ".manage..")
        .optionalLayer("dispatch")
        .definedBy(ROOT + ".dispatch..")
        .optionalLayer("log")
        .definedBy(ROOT + ".log..")
        .optionalLayer("watch")
        .definedBy(ROOT + ".watch..")
        .optionalLayer("metrics")
        .definedBy(ROOT + ".metrics..")
        .optionalLayer("transport")
        .definedBy(ROOT + ".transport..")
        .optionalLayer("secret")
        .definedBy(ROOT + ".secret..")
        .optionalLayer("storage")
        .definedBy(ROOT + ".storage..")
        .optionalLayer("rules")
        .definedBy(ROOT + ".rules..")
        .optionalLayer("listener")
        .definedBy(ROOT + ".listener..")
        .optionalLayer("health")
        .definedBy(ROOT + ".health..")
        .optionalLayer("webhook")
        .definedBy(ROOT + ".webhook..")
        .optionalLayer("delivery")
        .definedBy(ROOT + ".delivery..")
        .optionalLayer("endpoint")
        .definedBy(ROOT + ".endpoint..")
        .whereLayer("sender")
        .mayOnlyAccessLayers(
            "manage",
            "dispatch",
            "log",
            "watch",
            "metrics",
            "transport",
            "secret",
            "storage",
            "rules",
            "listener",
            "health",
            "webhook",
            "delivery",
            "endpoint")
        .whereLayer("watch")
        .mayOnlyAccessLayers(
            "dispatch", "storage", "rules", "listener", "health", "webhook", "delivery")
        .whereLayer("spring")
        .mayOnlyAccessLayers(
            "sender",
            "metrics",
            "transport",
            "secret",
            "storage",
            "rules",
            "listener",
            "health",
            "webhook",
            "endpoint")
        .whereLayer("manage")
        .mayOnlyAccessLayers(
            "transport",
            "secret",
            "storage",
            "rules",
            "listener",
            "webhook",
            "delivery",
            "endpoint")
        .whereLayer("dispatch")
        .mayOnlyAccessLayers(
            "transport",
            "secret",
            "storage",
            "rules",
            "listener",
            "webhook",
            "delivery",
            "endpoint")
        .whereLayer("log")
        .mayOnlyAccessLayers(
            "transport", "storage", "rules", "listener", "webhook", "delivery", "endpoint")
        .whereLayer("metrics")
        .mayOnlyAccessLayers(
            "transport",
            "storage",
            "rules",
            "listener",
            "health",
            "webhook",
            "delivery",
            "endpoint")
        .whereLayer("transport")
        .mayOnlyAccessLayers("webhook", "delivery", "endpoint")
        .whereLayer("secret")
        .mayOnlyAccessLayers("webhook", "delivery", "endpoint")
        .whereLayer("storage")
        .mayOnlyAccessLayers("webhook", "delivery", "endpoint")
        .whereLayer("rules")
        .mayOnlyAccessLayers("webhook", "delivery", "endpoint")
        .whereLayer("listener")
        .mayOnlyAccessLayers("health", "webhook", "delivery", "endpoint")
        .whereLayer("health")
        .mayNotAccessAnyLayer()
        .whereLayer("webhook")
        .mayNotAccessAnyLayer()
        .whereLayer("delivery")
        .mayOnlyAccessLayers("webhook")
        .whereLayer("endpoint")
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
        .resideInAPackage("cloud.klink.webhooks.verifier..")
        .check(classes);
  }

  @Test
  void classes_outsideOfMetricsAndSpring_doWithoutMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".metrics..", ROOT + ".spring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", ROOT + ".metrics..")
        .check(classes);
  }

  @Test
  void classes_outsideOfSpring_doWithoutSpring() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".spring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", ROOT + ".spring..")
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
