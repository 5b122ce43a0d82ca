package cloud.klink.webhooks.sender;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import cloud.klink.webhooks.moduletest.AbstractArchitectureTest;
import org.junit.jupiter.api.Test;

/** The floors of this module, and what it alone must do without. */
class ArchitectureTest extends AbstractArchitectureTest {
  private static final String SPRING = "cloud.klink.webhooks.sender.spring..";

  ArchitectureTest() {
    super(
        WebhookSender.class,
        Room.of(
            "spring",
            "reason",
            Room.ROOT,
            "metrics",
            "internal.tracing",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "health",
            "webhook",
            "delivery"),
        Room.of(
            Room.ROOT,
            "reason",
            "internal.url",
            "internal.secret",
            "internal.manage",
            "internal.notify",
            "internal.health",
            "internal.dispatch",
            "internal.attempt",
            "internal.claim",
            "internal.outage",
            "internal.outcome",
            "internal.rules",
            "internal.retention",
            "internal.queue",
            "internal.prepare",
            "internal.tasks",
            "internal.tracing",
            "internal.log",
            "metrics",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "health",
            "webhook",
            "delivery"),
        Room.of(
            "internal.notify",
            "reason",
            "internal.rules",
            "internal.health",
            "internal.outcome",
            "internal.tasks",
            "storage",
            "policy",
            "listener",
            "health",
            "webhook",
            "delivery"),
        Room.of(
            "internal.dispatch",
            "reason",
            "internal.rules",
            "internal.secret",
            "internal.attempt",
            "internal.claim",
            "internal.outage",
            "internal.outcome",
            "internal.queue",
            "internal.prepare",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.attempt",
            "reason",
            "internal.rules",
            "internal.secret",
            "internal.queue",
            "internal.prepare",
            "internal.tasks",
            "internal.tracing",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.claim",
            "reason",
            "internal.secret",
            "internal.queue",
            "internal.prepare",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.outage",
            "reason",
            "internal.rules",
            "internal.secret",
            "internal.queue",
            "internal.outcome",
            "internal.prepare",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.outcome",
            "reason",
            "internal.rules",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of("internal.rules", "reason", "storage", "policy", "listener", "webhook", "delivery"),
        Room.of(
            "internal.retention",
            "reason",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.queue",
            "reason",
            "internal.secret",
            "internal.prepare",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.prepare",
            "reason",
            "internal.secret",
            "internal.tasks",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.tasks",
            "reason",
            "internal.tracing",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.manage",
            "reason",
            "internal.url",
            "internal.secret",
            "transport",
            "secret",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "internal.log",
            "reason",
            "transport",
            "storage",
            "policy",
            "listener",
            "webhook",
            "delivery"),
        Room.of(
            "metrics",
            "transport",
            "storage",
            "policy",
            "listener",
            "health",
            "webhook",
            "delivery"),
        Room.of("internal.tracing", "listener", "webhook", "delivery"),
        Room.of("transport", "reason", "internal.url", "policy", "webhook", "delivery"),
        Room.of("secret", "reason", "policy", "webhook", "delivery"),
        Room.of("storage", "reason", "policy", "webhook", "delivery"),
        Room.of("policy", "internal.url", "webhook", "delivery"),
        Room.of("listener", "health", "webhook", "delivery"),
        Room.of("internal.health", "health"),
        Room.of(
            "internal.secret", "internal.url", "secret", "reason", "policy", "webhook", "delivery"),
        Room.of("internal.url"),
        Room.of("reason"),
        Room.of("health"),
        Room.of("webhook", "reason"),
        Room.of("delivery", "webhook"));
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
    String metrics = "cloud.klink.webhooks.sender.metrics..";
    noClasses()
        .that()
        .resideOutsideOfPackages(metrics, SPRING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", metrics)
        .check(classes);
  }

  @Test
  void classes_outsideOfSpring_doWithoutSpring() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SPRING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", SPRING)
        .check(classes);
  }
}
