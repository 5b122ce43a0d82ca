package cloud.klink.webhooks.verifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import cloud.klink.webhooks.moduletest.AbstractArchitectureTest;
import org.junit.jupiter.api.Test;

/** The floors of this module, and what it alone must do without. */
class ArchitectureTest extends AbstractArchitectureTest {

  ArchitectureTest() {
    super(
        WebhookVerifier.class,
        Room.of(
            "spring",
            "metrics",
            "servlet",
            "receive",
            "deduplication",
            "explain",
            Room.ROOT,
            "internal"),
        Room.of("metrics", "receive", Room.ROOT),
        Room.of("testing", Room.ROOT),
        Room.of("jdk", "receive", "explain", Room.ROOT, "internal"),
        Room.of("servlet", "receive", "claim", "deduplication", Room.ROOT, "internal"),
        Room.of("websocket", "receive", "explain", Room.ROOT, "internal"),
        Room.of("receive", "claim", "deduplication", Room.ROOT, "internal"),
        Room.of("claim", "deduplication", Room.ROOT, "internal"),
        Room.of("deduplication", Room.ROOT, "internal"),
        Room.of("explain", Room.ROOT, "internal"),
        Room.of(Room.ROOT, "internal"),
        Room.of("internal"));
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
    String spring = "cloud.klink.webhooks.verifier.spring..";
    noClasses()
        .that()
        .resideOutsideOfPackage(spring)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "tools.jackson..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackages(spring, "cloud.klink.webhooks.verifier.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(classes);
  }
}
