package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** What editors and documentation are told of the properties is what they are. */
class MetadataTest {

  private static Map<String, JsonNode> described() throws IOException {
    try (InputStream in = ReceiverProperties.class.getResourceAsStream(
        "/META-INF/spring-configuration-metadata.json")) {
      Map<String, JsonNode> all = new HashMap<>();
      new ObjectMapper()
          .readTree(in)
          .path("properties")
          .forEach(property -> all.put(property.path("name").asText(), property));
      return all;
    }
  }

  private static void collect(String prefix, Class<?> type, Map<String, RecordComponent> to) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + dashed(component.getName());
      if (component.getType().isRecord()) {
        collect(name, component.getType(), to);
      } else {
        to.put(name, component);
      }
    }
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void properties_allOfThem_areDescribedWithTheirDefaults() throws IOException {
    Map<String, RecordComponent> bound = new HashMap<>();
    collect(ReceiverProperties.PREFIX, ReceiverProperties.class, bound);
    Map<String, JsonNode> described = described();

    List<String> names = new ArrayList<>(bound.keySet());
    names.add(ReceiverProperties.PREFIX + ".secrets");
    names.add("management.health.klinkwebhooks.enabled");
    assertThat(described.keySet()).containsExactlyInAnyOrderElementsOf(names);
    bound.forEach((name, component) -> {
      DefaultValue value = accessorParameter(component);
      String expected =
          value == null || value.value().length == 0 ? "" : String.join(",", value.value());
      assertThat(described.get(name).path("defaultValue").asText()).as(name).isEqualTo(expected);
      assertThat(described.get(name).path("description").asText()).as(name).endsWith(".");
      assertThat(ConfigurationPropertyName.isValid(name)).isTrue();
    });
  }

  private static DefaultValue accessorParameter(RecordComponent component) {
    Class<?> owner = component.getDeclaringRecord();
    return owner.getDeclaredConstructors()[0]
        .getParameters()[
        Arrays.stream(owner.getRecordComponents())
            .map(RecordComponent::getName)
            .toList()
            .indexOf(component.getName())]
        .getAnnotation(DefaultValue.class);
  }
}
