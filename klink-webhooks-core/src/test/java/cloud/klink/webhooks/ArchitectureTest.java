package cloud.klink.webhooks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import cloud.klink.webhooks.moduletest.AbstractArchitectureTest;
import org.junit.jupiter.api.Test;

/** The floors of this module, and what it alone must do without. */
class ArchitectureTest extends AbstractArchitectureTest {

  ArchitectureTest() {
    super(
        WebhookException.class,
        Room.of("event", "signature", "canonical", Room.ROOT, "internal"),
        Room.of("signature", "canonical", Room.ROOT, "internal"),
        Room.of("canonical", Room.ROOT, "internal"),
        Room.of("setup", Room.ROOT),
        Room.of(Room.ROOT, "internal"),
        Room.of("internal"));
  }

  @Test
  void dependencies_everywhere_areTheJdkAndJackson() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "cloud.klink.webhooks..",
            "java..",
            "javax.crypto..",
            "com.fasterxml.jackson..",
            "org.jspecify..")
        .check(classes);
  }
}
