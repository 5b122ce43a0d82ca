package cloud.klink.webhooks.moduletest;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Opens;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What a module shows to others and what it needs. A change here is a change for users. */
@TestInstance(Lifecycle.PER_CLASS) // the class files are read once
public abstract class AbstractModuleTest {

  private final ModuleDescriptor module;
  private final Expected expected;

  /**
   * What a module descriptor must say.
   *
   * @param name the module's name
   * @param exports the packages that everybody may use
   * @param qualifiedExports the packages that only named modules may use, as {@code package to
   *     [module, module]} with the modules in alphabetical order
   * @param opens the packages whose classes others may look into, as Spring does
   * @param requires the modules that it needs, each with its modifiers before its name
   */
  public record Expected(
      String name,
      Set<String> exports,
      Set<String> qualifiedExports,
      Set<String> opens,
      Set<String> requires) {}

  protected AbstractModuleTest(Class<?> memberOfModule, Expected expected) {
    this.module = new CompiledModule(memberOfModule).descriptor();
    this.expected = expected;
  }

  @Test
  void name_always_isTheOneUsersRequire() {
    assertThat(module.name()).isEqualTo(expected.name());
    assertThat(module.isOpen()).isFalse();
    assertThat(module.opens())
        .extracting(Opens::source)
        .containsExactlyInAnyOrderElementsOf(expected.opens());
  }

  @Test
  void exports_always_areThePublicPackages() {
    assertThat(module.exports().stream().filter(export -> !export.isQualified()))
        .extracting(Exports::source)
        .containsExactlyInAnyOrderElementsOf(expected.exports());
  }

  @Test
  void internals_always_areExportedToTheOtherModulesOnly() {
    assertThat(module.exports().stream().filter(Exports::isQualified))
        .extracting(export ->
            export.source() + " to " + export.targets().stream().sorted().toList())
        .containsExactlyInAnyOrderElementsOf(expected.qualifiedExports());
  }

  @Test
  void requires_always_areTheDeclaredDependencies() {
    assertThat(module.requires().stream()
            .map(AbstractModuleTest::describe)
            .collect(toUnmodifiableSet()))
        .isEqualTo(expected.requires());
  }

  /** Optional modules are those that their users require themselves. */
  @Test
  void typesInTheApi_ofModulesThatAreNotOptional_comeWithThisModule() throws IOException {
    assertThat(ExportsLint.findings(module)).isEmpty();
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
}
