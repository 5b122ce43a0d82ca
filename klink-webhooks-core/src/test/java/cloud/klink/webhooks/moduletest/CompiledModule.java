package cloud.klink.webhooks.moduletest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;

/** A module as the compiler left it. Tests run on the class path, so it is read from its files. */
final class CompiledModule {

  private final URL location;

  CompiledModule(Class<?> memberOfModule) {
    this.location = memberOfModule.getProtectionDomain().getCodeSource().getLocation();
  }

  JavaClasses classes() {
    return new ClassFileImporter().importUrl(location);
  }

  ModuleDescriptor descriptor() {
    try (InputStream in = URI.create(location + "module-info.class").toURL().openStream()) {
      return ModuleDescriptor.read(in);
    } catch (IOException e) {
      throw new IllegalStateException("no module descriptor in " + location, e);
    }
  }
}
