package cloud.klink.webhooks.verifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import cloud.klink.webhooks.moduletest.AbstractArchitectureTest;
import org.junit.jupiter.api.Test;

/** The floors of this module, and what it alone must do without. */
class ArchitectureTest extends AbstractArchitectureTest {

  ArchitectureTest() {
    super(
        WebhookVerifier.class,
        Room.of("jdk", "receive", "explain", Room.ROOT, "internal"),
        Room.of("servlet", "receive", "explain", Room.ROOT, "internal"),
        Room.of("websocket", "receive", "explain", Room.ROOT, "internal"),
        Room.of("receive", Room.ROOT, "internal"),
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
}
