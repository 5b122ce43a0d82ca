package cloud.klink.webhooks.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the jar tells GraalVM's native-image: the resources, and nothing else. */
public abstract class AbstractNativeImageMetadataTest {
  private static final Path RESOURCES = Path.of("src/main/resources");

  private final Path metadata;

  /** The metadata of the jar of an artifact. */
  protected AbstractNativeImageMetadataTest(String artifact) {
    this.metadata = RESOURCES.resolve(
        "META-INF/native-image/cloud.klink/" + artifact + "/reachability-metadata.json");
  }

  /**
   * The part of GraalVM's schema of reachability metadata, version 1.2.0, that is used: an array of
   * resources, of which each has a glob. The schema allows no unknown member anywhere.
   */
  @Test
  void metadata_always_hasTheFormOfTheSchema() throws IOException {
    JsonNode root = new ObjectMapper().readTree(metadata.toFile());

    assertThat(root.fieldNames()).toIterable().containsExactly("resources");
    assertThat(root.get("resources").isArray()).isTrue();
    for (JsonNode resource : root.get("resources")) {
      assertThat(resource.fieldNames()).toIterable().containsExactly("glob");
      assertThat(resource.get("glob").isTextual()).isTrue();
    }
  }

  @Test
  void metadata_always_namesEachResourceOfTheJarAndNoOther() throws IOException {
    List<String> named = new ObjectMapper().readTree(metadata.toFile()).findValuesAsText("glob");
    List<String> packaged;
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      packaged = files
          .filter(Files::isRegularFile)
          .filter(file -> !file.equals(metadata))
          .map(file -> RESOURCES.relativize(file).toString().replace('\\', '/'))
          .toList();
    }

    assertThat(named).containsExactlyInAnyOrderElementsOf(packaged);
  }
}
