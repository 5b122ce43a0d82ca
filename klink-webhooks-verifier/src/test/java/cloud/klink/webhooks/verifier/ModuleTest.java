package cloud.klink.webhooks.verifier;

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
    assertThat(module.name()).isEqualTo("cloud.klink.webhooks.verifier");
    assertThat(module.isOpen()).isFalse();
  }

  /** Spring makes beans of the configuration's classes, and calls the methods that make others. */
  @Test
  void opens_always_isTheConfigurationForSpring() {
    assertThat(module.opens().stream().map(Object::toString))
        .containsExactly("cloud.klink.webhooks.verifier.spring");
  }

  @Test
  void exports_always_areThePublicPackages() {
    assertThat(module.exports().stream().map(Object::toString))
        .containsExactlyInAnyOrder(
            "cloud.klink.webhooks.verifier",
            "cloud.klink.webhooks.verifier.explain",
            "cloud.klink.webhooks.verifier.jdk",
            "cloud.klink.webhooks.verifier.metrics",
            "cloud.klink.webhooks.verifier.receive",
            "cloud.klink.webhooks.verifier.servlet",
            "cloud.klink.webhooks.verifier.spring",
            "cloud.klink.webhooks.verifier.testing",
            "cloud.klink.webhooks.verifier.websocket");
  }

  @Test
  void requires_always_areTheDeclaredDependencies() {
    assertThat(module.requires().stream().map(ModuleTest::describe).collect(toUnmodifiableSet()))
        .containsExactlyInAnyOrder(
            "java.base",
            "transitive cloud.klink.webhooks",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.databind",
            "org.slf4j",
            "static java.sql",
            "static jakarta.servlet",
            "static jdk.httpserver",
            "static micrometer.core",
            "static org.jspecify",
            "static spring.aop",
            "static spring.beans",
            "static spring.boot",
            "static spring.boot.autoconfigure",
            "static spring.boot.health",
            "static spring.boot.sql",
            "static spring.context",
            "static spring.core",
            "static spring.jdbc",
            "static spring.security.config",
            "static spring.security.web",
            "static spring.tx",
            "static tools.jackson.databind");
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
    String classes = WebhookVerifier.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toString();
    try (InputStream in = URI.create(classes + "module-info.class").toURL().openStream()) {
      return ModuleDescriptor.read(in);
    } catch (IOException e) {
      throw new IllegalStateException("no module descriptor in " + classes, e);
    }
  }
}
