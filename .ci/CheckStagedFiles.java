import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks a folder of staged files against what Maven Central asks of a release, and against what
 * this project promises of its own artifacts. Usage: java CheckStagedFiles.java FOLDER VERSION
 *
 * <p>Signatures are verified by gpg with the keys in GNUPGHOME.
 */
public class CheckStagedFiles {

  private static final String GROUP = "cloud/klink";

  private static final Set<String> PUBLISHED = Set.of(
      "klink-webhooks-parent",
      "klink-webhooks-bom",
      "klink-webhooks-core",
      "klink-webhooks-verifier",
      "klink-webhooks-sender",
      "klink-webhooks-storage-contract");

  private static final Set<String> MANAGED_BY_THE_BOM =
      Set.of("cloud.klink", "com.squareup.okhttp3", "com.squareup.okio");

  private final List<String> problems = new ArrayList<>();
  private final Path folder;
  private final String version;
  private int checked;

  private CheckStagedFiles(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  public static void main(String[] args) throws Exception {
    CheckStagedFiles check = new CheckStagedFiles(Path.of(args[0]), args[1]);
    check.run();
    check.problems.forEach(problem -> System.out.println("problem: " + problem));
    System.out.println(check.checked + " files checked, " + check.problems.size() + " problems");
    if (!check.problems.isEmpty()) {
      System.exit(1);
    }
  }

  private void run() throws Exception {
    if (version.endsWith("-SNAPSHOT")) {
      problems.add("Central takes no snapshot: " + version);
    }
    Map<String, Path> artifacts = new TreeMap<>();
    try (Stream<Path> directories = Files.list(folder.resolve(GROUP))) {
      directories.filter(Files::isDirectory)
          .forEach(path -> artifacts.put(path.getFileName().toString(), path.resolve(version)));
    }
    if (!artifacts.keySet().equals(PUBLISHED)) {
      problems.add("staged are " + artifacts.keySet() + ", not " + new TreeSet<>(PUBLISHED));
    }
    for (Map.Entry<String, Path> artifact : artifacts.entrySet()) {
      checkArtifact(artifact.getKey(), artifact.getValue());
    }
  }

  private void checkArtifact(String name, Path directory) throws Exception {
    String base = name + "-" + version;
    Set<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.list(directory)) {
      all.forEach(path -> files.add(path.getFileName().toString()));
    }
    Element pom = read(directory.resolve(base + ".pom"));
    boolean hasJar = !text(pom, "packaging").equals(Optional.of("pom"));
    List<String> wanted = hasJar
        ? List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")
        : List.of(".pom", "-cyclonedx.json");
    for (String ending : wanted) {
      if (!files.contains(base + ending)) {
        problems.add(name + " has no " + base + ending);
      }
    }
    for (String file : files) {
      if (Stream.of(".md5", ".sha1", ".sha256", ".sha512", ".asc").noneMatch(file::endsWith)) {
        checkFile(directory.resolve(file));
      }
    }
    checkPom(name, pom);
  }

  /** Each file has its checksums and a signature. */
  private void checkFile(Path file) throws Exception {
    checked++;
    checkDigest(file, "MD5", ".md5");
    checkDigest(file, "SHA-1", ".sha1");
    Path signature = Path.of(file + ".asc");
    if (!Files.exists(signature)) {
      problems.add("no signature of " + file.getFileName());
      return;
    }
    int answer = new ProcessBuilder(
            "gpg", "--batch", "--quiet", "--verify", signature.toString(), file.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    if (answer != 0) {
      problems.add("the signature of " + file.getFileName() + " is not valid");
    }
  }

  private void checkDigest(Path file, String algorithm, String ending)
      throws IOException, GeneralSecurityException {
    Path digest = Path.of(file + ending);
    String is = HexFormat.of()
        .formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
    if (!Files.exists(digest)) {
      problems.add("no " + algorithm + " of " + file.getFileName());
    } else if (!Files.readString(digest).strip().equals(is)) {
      problems.add("the " + algorithm + " of " + file.getFileName() + " is not its own");
    }
  }

  private void checkPom(String name, Element pom) throws Exception {
    checkVersions(name, pom);
    // What a POM leaves out it has from its parent, but for its name.
    if (text(pom, "name").isEmpty()) {
      problems.add("the POM of " + name + " has no name");
    }
    Optional<Element> parent = child(pom, "parent");
    Element above = read(folder.resolve(GROUP)
        .resolve("klink-webhooks-parent")
        .resolve(version)
        .resolve("klink-webhooks-parent-" + version + ".pom"));
    for (String path : List.of(
        "description",
        "url",
        "licenses/license/name",
        "licenses/license/url",
        "developers/developer/name",
        "scm/connection",
        "scm/developerConnection",
        "scm/url")) {
      if (text(pom, path).isEmpty() && (parent.isEmpty() || text(above, path).isEmpty())) {
        problems.add("the POM of " + name + " has no " + path);
      }
    }
    for (String element : List.of("repositories", "pluginRepositories")) {
      if (child(pom, element).isPresent()) {
        problems.add("the POM of " + name + " names " + element);
      }
    }
    if (name.equals("klink-webhooks-bom")) {
      checkBom(pom, above, parent);
    }
  }

  private void checkVersions(String name, Element pom) {
    text(pom, "version").or(() -> text(pom, "parent/version")).filter(version::equals)
        .ifPresentOrElse(is -> {}, () -> problems.add("the POM of " + name + " has another version"));
    if (!name.equals("klink-webhooks-parent")) {
      text(pom, "parent/version").filter(is -> !is.equals(version))
          .ifPresent(is -> problems.add("the parent of " + name + " is of version " + is));
    }
  }

  /** Who imports it gets these libraries' versions and no others. */
  private void checkBom(Element pom, Element above, Optional<Element> parent) {
    if (parent.isPresent()) {
      problems.add("who imports klink-webhooks-bom imports what its parent manages");
    }
    List<Element> managed = child(pom, "dependencyManagement")
        .flatMap(management -> child(management, "dependencies"))
        .map(CheckStagedFiles::children)
        .orElse(List.of());
    if (managed.isEmpty()) {
      problems.add("klink-webhooks-bom manages nothing");
    }
    for (Element dependency : managed) {
      String group = text(dependency, "groupId").orElse("");
      String managedVersion = text(dependency, "version").orElse("");
      if (!MANAGED_BY_THE_BOM.contains(group) || text(dependency, "scope").isPresent()) {
        problems.add("klink-webhooks-bom manages " + group);
      }
      boolean known = group.equals("cloud.klink")
          ? managedVersion.equals("${project.version}")
          : managedVersion.startsWith("${")
              && text(pom, "properties/" + managedVersion.replaceAll("[${}]", "")).isPresent();
      if (!known) {
        problems.add("klink-webhooks-bom has the version '" + managedVersion + "' for " + group);
      }
    }
    if (!text(pom, "properties/okhttp.version").equals(text(above, "properties/okhttp.version"))) {
      problems.add("klink-webhooks-bom has another OkHttp than the build");
    }
  }

  private static Element read(Path pom) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    try {
      return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + pom, e);
    }
  }

  private static Optional<String> text(Element element, String path) {
    Optional<Element> found = Optional.of(element);
    for (String name : path.split("/")) {
      found = found.flatMap(at -> child(at, name));
    }
    return found.map(at -> at.getTextContent().strip()).filter(text -> !text.isEmpty());
  }

  private static Optional<Element> child(Element element, String name) {
    return children(element).stream().filter(at -> at.getTagName().equals(name)).findFirst();
  }

  private static List<Element> children(Element element) {
    return IntStream.range(0, element.getChildNodes().getLength())
        .<Node>mapToObj(element.getChildNodes()::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast)
        .toList();
  }
}
