package cloud.klink.webhooks.sender;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What this module shows to others and what it needs. A change here is a change for users. */
class ModuleTest {

  private final ModuleDescriptor module = read();

  @Test
  void name_always_isTheOneUsersRequire() {
    assertThat(module.name()).isEqualTo("cloud.klink.webhooks.sender");
    assertThat(module.isOpen()).isFalse();
  }

  /** Spring makes beans of the configuration's classes, and calls the methods that make others. */
  @Test
  void opens_always_isTheConfigurationForSpring() {
    assertThat(module.opens().stream().map(Object::toString))
        .containsExactly("cloud.klink.webhooks.sender.spring");
  }

  @Test
  void exports_always_areThePublicPackages() {
    assertThat(module.exports().stream().map(Object::toString))
        .containsExactlyInAnyOrder(
            "cloud.klink.webhooks.sender",
            "cloud.klink.webhooks.sender.delivery",
            "cloud.klink.webhooks.sender.endpoint",
            "cloud.klink.webhooks.sender.health",
            "cloud.klink.webhooks.sender.listener",
            "cloud.klink.webhooks.sender.log",
            "cloud.klink.webhooks.sender.manage",
            "cloud.klink.webhooks.sender.metrics",
            "cloud.klink.webhooks.sender.rules",
            "cloud.klink.webhooks.sender.secret",
            "cloud.klink.webhooks.sender.spring",
            "cloud.klink.webhooks.sender.storage",
            "cloud.klink.webhooks.sender.storage.jdbc",
            "cloud.klink.webhooks.sender.storage.memory",
            "cloud.klink.webhooks.sender.transport",
            "cloud.klink.webhooks.sender.webhook");
  }

  @Test
  void requires_always_areTheDeclaredDependencies() {
    assertThat(module.requires().stream().map(ModuleTest::describe).collect(toUnmodifiableSet()))
        .containsExactlyInAnyOrder(
            "java.base",
            "transitive cloud.klink.webhooks",
            "transitive java.sql",
            "okhttp3",
            "org.slf4j",
            "static micrometer.core",
            "static org.jspecify",
            "static spring.beans",
            "static spring.boot",
            "static spring.boot.autoconfigure",
            "static spring.boot.health",
            "static spring.boot.sql",
            "static spring.context",
            "static spring.core",
            "static spring.jdbc",
            "static spring.tx");
  }

  @Test
  void services_always_areNone() {
    assertThat(module.provides()).isEmpty();
    assertThat(module.uses()).isEmpty();
  }

  private static String describe(Requires requires) {
    String modifiers = (requires.modifiers().contains(Requires.Modifier.STATIC) ? "static " : "")
        + (requires.modifiers().contains(Requires.Modifier.TRANSITIVE) ? "transitive " : "");
    return modifiers + requires.name();
  }

  /** From the class files of this module, since tests run on the class path. */
  private static ModuleDescriptor read() {
    String classes =
        WebhookSender.class.getProtectionDomain().getCodeSource().getLocation().toString();
    try (InputStream in = URI.create(classes + "module-info.class").toURL().openStream()) {
      return ModuleDescriptor.read(in);
    } catch (IOException e) {
      throw new IllegalStateException("no module descriptor in " + classes, e);
    }
  }
}
