package cloud.klink.webhooks.moduletest;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The compiler's lint "exports": types of other modules in the exported API that users do not get
 * by requiring this module alone. The build cannot have it on, since it knows no exceptions and
 * would want each optional library to be required of every user.
 */
final class ExportsLint {

  private static final Path SOURCES = Path.of("src/main/java");

  private static final Pattern NOT_TRANSITIVE =
      Pattern.compile("(\\S+ \\S+) in module (\\S+) is not indirectly exported");

  private ExportsLint() {}

  /** Returns the findings about types of modules that the descriptor requires at run time too. */
  static List<String> findings(ModuleDescriptor module) throws IOException {
    List<String> optional = module.requires().stream()
        .filter(
            requires -> requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .map(ModuleDescriptor.Requires::name)
        .toList();
    return warnings(module)
        .filter(warning -> !optional.contains(warning.group(2)))
        .map(warning -> warning.group(1) + " of " + warning.group(2))
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<MatchResult> warnings(ModuleDescriptor module) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    Path classes = Files.createTempDirectory("exports-lint");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null);
        Stream<Path> sources = Files.walk(SOURCES)) {
      files.setLocationFromPaths(StandardLocation.MODULE_PATH, modulePath(module));
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      boolean compiled = compiler
          .getTask(
              null,
              files,
              diagnostics,
              List.of("-proc:none", "-Xlint:exports", "-Xmaxwarns", "10000"),
              null,
              files.getJavaFileObjectsFromPaths(
                  sources.filter(path -> path.toString().endsWith(".java")).toList()))
          .call();
      if (!compiled) {
        throw new IllegalStateException(
            diagnostics.getDiagnostics().stream().map(Object::toString).collect(joining("\n")));
      }
    } finally {
      delete(classes);
    }
    return diagnostics.getDiagnostics().stream()
        .map(ExportsLint::message)
        .flatMap(message -> NOT_TRANSITIVE.matcher(message).results());
  }

  private static String message(Diagnostic<?> diagnostic) {
    return diagnostic.getMessage(Locale.ROOT);
  }

  /** The modules on the class path of the tests, without the module that is examined. */
  private static List<Path> modulePath(ModuleDescriptor module) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Map<String, Path> found = new LinkedHashMap<>();
    Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(classPath)
        .map(Path::of)
        .filter(Files::exists)
        .forEach(path -> nameOf(path).forEach(name -> found.putIfAbsent(name, path)));
    found.remove(module.name());
    return List.copyOf(found.values());
  }

  private static Stream<String> nameOf(Path path) {
    try {
      return ModuleFinder.of(path).findAll().stream()
          .map(reference -> reference.descriptor().name());
    } catch (FindException e) {
      return Stream.empty(); // a jar that cannot be a module
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> {
        try {
          Files.delete(path);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
