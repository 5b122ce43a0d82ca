package cloud.klink.webhooks.moduletest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The exported API is as the module's {@code api.txt} has it, so that a change of it is seen in
 * review. {@code mvn test -Dapi.write} writes the file anew.
 */
public abstract class AbstractExportedApiTest {

  /** In the module's folder, where tests run. */
  private static final Path FILE = Path.of("api.txt");

  private final CompiledModule module;

  protected AbstractExportedApiTest(Class<?> memberOfModule) {
    this.module = new CompiledModule(memberOfModule);
  }

  @Test
  void api_ofExportedPackages_isAsTheFileHasIt() throws IOException {
    String api = ApiText.of(exportedTypes());

    if (Boolean.getBoolean("api.write")) {
      Files.writeString(FILE, api, UTF_8);
    }

    assertThat(Files.readString(FILE, UTF_8).lines().toList())
        .as("%s: run mvn test -Dapi.write if the change of the API is meant", FILE)
        .containsExactlyElementsOf(api.lines().toList());
  }

  private List<Class<?>> exportedTypes() {
    Set<String> exported = module.descriptor().exports().stream()
        .filter(export -> !export.isQualified())
        .map(Exports::source)
        .collect(toUnmodifiableSet());
    return module.classes().stream()
        .filter(type -> exported.contains(type.getPackageName()))
        .<Class<?>>map(JavaClass::reflect)
        .filter(ApiText::isVisible)
        .toList();
  }
}
