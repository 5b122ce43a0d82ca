package cloud.klink.webhooks.event;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

/** Events over generated data. */
@PropertyDefaults(tries = 500, edgeCases = EdgeCasesMode.NONE)
class EventPropertyTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @Provide
  Arbitrary<Event> events() {
    Arbitrary<Instant> times = Combinators.combine(
            Arbitraries.longs().between(-62_167_219_200L, 253_402_300_799L),
            Arbitraries.integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
    Arbitrary<String> ids = Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars("AZ09._:-")
        .ofMinLength(1)
        .ofMaxLength(100);
    Arbitrary<EventName> names =
        Arbitraries.of("contact.created", "a.b.c-d_e", "x0.0").map(EventName::of);
    return Combinators.combine(names, times, ids.injectNull(0.3), data())
        .as((name, time, id, data) -> {
          Event.Builder builder = Event.builder(name).timestamp(time).data(data);
          return (id == null ? builder : builder.id(id)).build();
        });
  }

  /** Numbers are those of which JSON and Java have one form each: integers that a tree keeps. */
  private static Arbitrary<JsonNode> data() {
    Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
        strings().map(JSON::textNode),
        Arbitraries.integers().map(JSON::numberNode),
        Arbitraries.longs().filter(value -> value != (int) (long) value).map(JSON::numberNode),
        Arbitraries.of(true, false).map(JSON::booleanNode),
        Arbitraries.just(JSON.nullNode()));
    Arbitrary<JsonNode> values = leaves;
    for (int i = 0; i < 2; i++) {
      Arbitrary<JsonNode> inner = values;
      values = Arbitraries.oneOf(
          leaves,
          inner.list().ofMaxSize(5).map(EventPropertyTest::array),
          Arbitraries.maps(strings(), inner).ofMaxSize(5).map(EventPropertyTest::object));
    }
    return values;
  }

  private static Arbitrary<String> strings() {
    return Arbitraries.integers()
        .between(0, 0x10ffff)
        .filter(c -> c < 0xd800 || c > 0xdfff)
        .list()
        .ofMaxSize(10)
        .map(list -> list.stream().map(Character::toString).reduce("", String::concat));
  }

  private static JsonNode array(List<JsonNode> elements) {
    ArrayNode array = JSON.arrayNode();
    elements.forEach(array::add);
    return array;
  }

  private static JsonNode object(Map<String, JsonNode> members) {
    ObjectNode object = JSON.objectNode();
    members.forEach(object::set);
    return object;
  }

  @Property
  void event_printedAndParsed_isEqual(@ForAll("events") Event event) {
    Event read = Event.parse(event.toBody().toBytes());
    assertThat(read).isEqualTo(event);
    assertThat(read.toBody()).isEqualTo(event.toBody());
  }

  @Property
  void body_ofAnyEvent_isCanonical(@ForAll("events") Event event) {
    CanonicalBody body = event.toBody();
    assertThat(CanonicalBody.of(body.toBytes(), Dialect.KLINK)).isEqualTo(body);
  }

  @Property
  void double_inData_readsBackTheSame(@ForAll double value) {
    Event event = Event.builder(EventName.ROOM_SOLVED)
        .timestamp(Instant.EPOCH)
        .data(JSON.numberNode(value))
        .build();
    assertThat(Event.parse(event.toBody().toBytes()).data().doubleValue()).isEqualTo(value + 0.0);
  }
}
