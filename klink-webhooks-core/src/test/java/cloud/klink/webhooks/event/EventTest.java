package cloud.klink.webhooks.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Instant NOON = Instant.parse("2026-01-09T03:42:38.123456Z");

  @Test
  void event_withEverything_isPrintedCanonicallyAndReadBack() {
    ObjectNode data = JSON.objectNode();
    data.put("name", "សុខ សុភា 😀")
        .put("id", 7)
        .putNull("notes")
        .putArray("tags")
        .add("VIP");
    Event event = event().id("evt_1").data(data).build();

    assertThat(event.toBody().text())
        .isEqualTo(
            "{\"data\":{\"id\":7,\"name\":\"សុខ សុភា 😀\",\"notes\":null,\"tags\":[\"VIP\"]},"
                + "\"event\":\"contact.created\",\"id\":\"evt_1\","
                + "\"timestamp\":\"2026-01-09T03:42:38.123456Z\"}");
    assertThat(event.toBody().dialect()).isEqualTo(Dialect.KLINK);
    Event read = Event.parse(event.toBody().toBytes());
    assertThat(read).isEqualTo(event).hasSameHashCodeAs(event);
    assertThat(read.name()).isEqualTo(EventName.CONTACT_CREATED);
    assertThat(read.id()).contains("evt_1");
    assertThat(read.timestamp()).isEqualTo(NOON);
    assertThat(read.data()).isEqualTo(data);
  }

  @Test
  void event_withNothingButATime_hasNullDataAndNoId() {
    Event event = event().build();
    assertThat(event.toBody().text())
        .isEqualTo("{\"data\":null,\"event\":\"contact.created\","
            + "\"timestamp\":\"2026-01-09T03:42:38.123456Z\"}");
    assertThat(event.id()).isEmpty();
    assertThat(event.data().isNull()).isTrue();
    assertThat(Event.parse(event.toBody().toBytes())).isEqualTo(event);
  }

  static final List<List<Object>> NUMBERS = List.of(
      List.of(JSON.numberNode(1.0), "1"),
      List.of(JSON.numberNode(-3.0), "-3"),
      List.of(JSON.numberNode(0.0), "0"),
      List.of(JSON.numberNode(-0.0), "0"),
      List.of(JSON.numberNode(0.5), "0.5"),
      List.of(JSON.numberNode(19.99), "19.99"),
      List.of(JSON.numberNode(1e15), "1000000000000000"),
      List.of(JSON.numberNode(9007199254740992.0), "9007199254740992"),
      List.of(JSON.numberNode(-9007199254740992.0), "-9007199254740992"),
      List.of(JSON.numberNode(9007199254740994.0), "9007199254740994.0"),
      List.of(JSON.numberNode(1e16), "1e+16"),
      List.of(JSON.numberNode(1e-5), "1e-05"),
      List.of(JSON.numberNode(Double.MIN_VALUE), "5e-324"),
      List.of(JSON.numberNode(1.5f), "1.5"),
      List.of(JSON.numberNode(0.1f), "0.1"),
      List.of(JSON.numberNode(3f), "3"),
      List.of(JSON.numberNode(16777216f), "16777216"),
      List.of(JSON.numberNode((short) 7), "7"),
      List.of(JSON.numberNode(Long.MIN_VALUE), "-9223372036854775808"),
      List.of(JSON.numberNode(new BigInteger("12345678901234567890")), "12345678901234567890"),
      List.of(JSON.numberNode(new BigDecimal("19.90")), "19.9"),
      List.of(JSON.numberNode(new BigDecimal("100.00")), "100"),
      List.of(JSON.numberNode(new BigDecimal("1E+3")), "1000"),
      List.of(JSON.numberNode(new BigDecimal("0.1000000000000000055")), "0.1"));

  @ParameterizedTest
  @FieldSource("NUMBERS")
  void number_ofJava_isPrintedSoThatDialectsAgreeWhereTheyCan(List<Object> row) {
    JsonNode number = (JsonNode) row.get(0);
    assertThat(dataOf(event().data(JSON.arrayNode().add(number)).build()))
        .isEqualTo("[" + row.get(1) + "]");
    assertThat(dataOf(event().data(number).build())).isEqualTo(row.get(1));
  }

  @Test
  void body_ofIntegralDoubles_isTheSameInEveryDialect() {
    ArrayNode data = JSON.arrayNode().add(1.0).add(-0.0).add(0x1p53).add(100f).add(-0x1p53);
    CanonicalBody body = event().data(data).build().toBody();
    assertThat(body.dialects()).containsExactly(Dialect.values());
  }

  static final List<JsonNode> UNPRINTABLE = List.of(
      JSON.numberNode(Double.NaN),
      JSON.numberNode(Double.POSITIVE_INFINITY),
      JSON.numberNode(Double.NEGATIVE_INFINITY),
      JSON.numberNode(Float.NaN),
      JSON.numberNode(Float.POSITIVE_INFINITY),
      JSON.numberNode(new BigDecimal("1e309")),
      JSON.numberNode(new BigDecimal("-1.5e400")),
      JSON.numberNode(BigInteger.TEN.pow(1_000)),
      JSON.textNode("\ud83d"),
      JSON.textNode("a\ude00b"),
      JSON.textNode("x".repeat(10_000) + "\ud83d"),
      JSON.objectNode().put("\ud83d", 1),
      JSON.objectNode().put("a\ude00", 1));

  @ParameterizedTest
  @FieldSource("UNPRINTABLE")
  void data_thatJsonCannotHold_isRefusedWhenPrinted(JsonNode data) {
    Event event = event().data(JSON.objectNode().set("value", data)).build();
    assertRefused("data", event::toBody);
  }

  @Test
  void data_of999Levels_isPrintedAndReadBackAndOneMoreIsRefused() {
    Event event = event().data(levels(999)).build();
    assertThat(dataOf(event)).isEqualTo("[".repeat(999) + "]".repeat(999));
    assertThat(Event.parse(event.toBody().toBytes())).isEqualTo(event);
    Event deeper = event().data(levels(1_000)).build();
    assertRefused("data", deeper::toBody);
  }

  private static JsonNode levels(int count) {
    ArrayNode node = JSON.arrayNode();
    for (int i = 1; i < count; i++) {
      node = JSON.arrayNode().add(node);
    }
    return node;
  }

  /** Where Jackson's output buffer ends must not matter, wherever it is. */
  @Test
  void text_withEmojiAtAnyPlace_isReadBackTheSame() {
    for (int before = 3_900; before < 4_100; before++) {
      for (int times : new int[] {1, 2}) {
        String text = "x".repeat(before * times) + "😀ស";
        ObjectNode data = JSON.objectNode().put(text, text);
        Event event = event().data(data).build();
        assertThat(Event.parse(event.toBody().toBytes()).data()).isEqualTo(data);
      }
    }
  }

  @Test
  void data_changedByTheCaller_doesNotChangeTheEvent() {
    ObjectNode data = JSON.objectNode();
    data.putObject("contact").put("name", "Sok");
    Event event = event().data(data).build();
    ((ObjectNode) data.get("contact")).put("name", "changed");
    ((ObjectNode) event.data().get("contact")).put("name", "changed too");
    ((ObjectNode) event.data()).removeAll();
    assertThat(dataOf(event)).isEqualTo("{\"contact\":{\"name\":\"Sok\"}}");
  }

  @Test
  void builder_changedAfterBuild_doesNotChangeTheEvent() {
    Event.Builder builder = event().id("one").data(JSON.textNode("one"));
    Event event = builder.build();
    Event other = builder.id("two").data(JSON.textNode("two")).build();
    assertThat(event.id()).contains("one");
    assertThat(dataOf(event)).isEqualTo("\"one\"");
    assertThat(other.id()).contains("two");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-09T03:42:38Z, 2026-01-09T03:42:38.000000Z",
    "2026-01-09T03:42:38.1Z, 2026-01-09T03:42:38.100000Z",
    "2026-01-09T03:42:38.123456789Z, 2026-01-09T03:42:38.123456Z",
    "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void timestamp_ofAnyPrecision_hasMicroseconds(String given, String printed) {
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.parse(given)).build();
    assertThat(event.toBody().text()).contains("\"timestamp\":\"" + printed + "\"");
    assertThat(event.timestamp()).isEqualTo(Instant.parse(printed));
    assertThat(Event.parse(event.toBody().toBytes())).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0001-12-31T23:59:59.999999Z", "+10000-01-01T00:00:00Z"})
  void timestamp_outOfRange_isRefused(String given) {
    assertRefused(
        "timestamp",
        () -> Event.builder(EventName.CONTACT_CREATED)
            .timestamp(Instant.parse(given))
            .build());
  }

  @Test
  void timestamp_thatIsMissing_isRefused() {
    assertRefused("timestamp", () -> Event.builder(EventName.CONTACT_CREATED).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "Z", "0", "evt_1", "a.b:c-d_e", "018f3b1e-7c7e-7bbb-8000-0123456789ab"})
  void id_ofItsForm_isTaken(String id) {
    assertThat(event().id(id).build().id()).contains(id);
    assertThat(event().build().withId(id)).isEqualTo(event().id(id).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a/b", "ស", "é", "a\n", "\"", "a\0", "٣"})
  void id_ofAnotherForm_isRefused(String id) {
    assertRefused("id", () -> event().id(id).build());
    assertRefused("id", () -> event().build().withId(id));
  }

  @Test
  void id_ofTheLongestLength_isTakenAndOneMoreIsNot() {
    assertThat(event().id("a".repeat(100)).build().id()).contains("a".repeat(100));
    assertRefused("id", () -> event().id("a".repeat(101)).build());
    assertThatNullPointerException().isThrownBy(() -> event().id(null));
  }

  @Test
  void builder_ofANameNotFitForPublishing_isRefused() {
    assertRefused("event", () -> Event.builder(new EventName("Contact Created")));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-09T03:42:38.000000Z, 2026-01-09T03:42:38Z",
    "2026-01-09T03:42:38Z, 2026-01-09T03:42:38Z",
    "2026-01-09T03:42Z, 2026-01-09T03:42:00Z",
    "2026-01-09T10:42:38+07:00, 2026-01-09T03:42:38Z",
    "2026-01-08T22:42:38.5-05:00, 2026-01-09T03:42:38.5Z",
    "2026-01-09T03:42:38.123456789Z, 2026-01-09T03:42:38.123456789Z",
    "2026-01-09T03:42:38.123+0000, 2026-01-09T03:42:38.123Z",
    "2026-01-09T10:42:38+0700, 2026-01-09T03:42:38Z",
    "2026-01-09T10:42:38+07, 2026-01-09T03:42:38Z",
    "2026-01-09 03:42:38Z, 2026-01-09T03:42:38Z",
    "2026-01-09 03:42:38.5+00:00, 2026-01-09T03:42:38.5Z",
    "2026-01-09t03:42:38z, 2026-01-09T03:42:38Z",
    "1767930158, 2026-01-09T03:42:38Z"
  })
  void parse_ofATimestampWithOffset_isThatInstant(String text, String instant) {
    assertThat(Event.parse(envelope("\"x\"", "\"" + text + "\"", "1")).timestamp())
        .isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @CsvSource({
    "1767930158, 1767930158, 2026-01-09T03:42:38Z",
    "1767930158.25, 1767930158.25, 2026-01-09T03:42:38.25Z",
    "1767930158123, 1767930158123, 2026-01-09T03:42:38.123Z",
    "1767930158123456, 1767930158123456, 2026-01-09T03:42:38.123456Z",
    "1767930158123456789, 1767930158123456789, 2026-01-09T03:42:38.123456789Z",
    "1.767930158e9, 1767930158, 2026-01-09T03:42:38Z",
    "-1, -1, 1969-12-31T23:59:59Z",
    "0, 0, 1970-01-01T00:00:00Z"
  })
  void parse_ofANumberAsTimestamp_isTheTimeSince1970(String json, String text, String instant) {
    Event event = Event.parse(envelope("\"x\"", json, "1"));
    assertThat(event.timestamp()).isEqualTo(Instant.parse(instant));
    assertThat(event.timestampText()).contains(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"2026-01-09T03:42:38\", 2026-01-09T03:42:38",
        "\"2026-01-09\", 2026-01-09",
        "\"2026-02-30T03:42:38Z\", 2026-02-30T03:42:38Z",
        "\"yesterday\", yesterday",
        "\"\", ``",
        "null, null",
        "true, true",
        "`{\"at\":1}`, `{\"at\":1}`",
        "123456789012345678901234567890123, 123456789012345678901234567890123",
        "\"+10000-01-01T00:00:00Z\", +10000-01-01T00:00:00Z"
      })
  void parse_ofAnotherTimestamp_handsItsTextOn(String json, String text) {
    Event event = Event.parse(envelope("\"x\"", json, "1"));
    assertThat(event.timestampText()).contains(text);
    assertThat(event.name().value()).isEqualTo("x");
    assertThat(event).hasToString("Event[x, no id, no readable timestamp]").isEqualTo(event);
    assertRefused("timestamp", event::timestamp);
    assertRefused("timestamp", event::toBody);
  }

  @Test
  void parse_withoutATimestamp_isAnEventWithoutOne() {
    Event event = parse("{\"event\":\"x\",\"data\":1}");
    assertThat(event.timestampText()).isEmpty();
    assertRefused("timestamp", event::timestamp);
  }

  @ParameterizedTest
  @ValueSource(strings = {"contact.created", "Anything At All", "", "ព្រឹត្តិការណ៍", "a\\u0000b"})
  void parse_ofAnyName_isTaken(String name) {
    Event event = Event.parse(envelope("\"" + name + "\"", "\"2026-01-09T03:42:38Z\"", "1"));
    assertThat(event.name().value()).isEqualTo(name.replace("\\u0000", "\0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "null", "true", "{}", "[\"x\"]"})
  void parse_ofANameThatIsNoString_isRefused(String name) {
    assertRefused("event", () -> Event.parse(envelope(name, "\"2026-01-09T03:42:38Z\"", "1")));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"evt_1\", evt_1",
        "17, 17",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "\"any text ស\", any text ស",
        "null, ``",
        "\"\", ``",
        "1.5, ``",
        "true, ``",
        "{}, ``"
      })
  void parse_ofAnId_isItsTextOrNone(String id, String expected) {
    byte[] json = ("{\"event\":\"x\",\"timestamp\":\"2026-01-09T03:42:38Z\",\"data\":1,\"id\":"
            + id
            + "}")
        .getBytes(UTF_8);
    assertThat(Event.parse(json).id().orElse("")).isEqualTo(expected);
  }

  @Test
  void parse_ofMissingFields_isRefusedWithTheirName() {
    assertRefused("event", () -> parse("{\"timestamp\":\"2026-01-09T03:42:38Z\",\"data\":1}"));
    assertRefused("data", () -> parse("{\"event\":\"x\",\"timestamp\":\"2026-01-09T03:42:38Z\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "[]", "1", "\"x\"", "null", "{", "{\"event\":}", "nope", "{'a':1}"})
  void parse_ofWhatIsNoObject_isRefused(String json) {
    assertRefused("body", () -> parse(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {" {}", "]", " x", ",", " 1"})
  void parse_ofAnythingBehindTheObject_isRefused(String rest) {
    String json = new String(envelope("\"x\"", "\"2026-01-09T03:42:38Z\"", "1"), UTF_8);
    assertThat(parse(json + " \r\n").name().value()).isEqualTo("x");
    assertRefused("body", () -> parse(json + rest));
  }

  @Test
  void parse_ofTwoFieldsOfOneName_isRefused() {
    String time = "\"timestamp\":\"2026-01-09T03:42:38Z\"";
    assertRefused("body", () -> parse("{\"event\":\"x\",\"event\":\"y\"," + time + ",\"data\":1}"));
    assertRefused("body", () -> parse("{\"event\":\"x\"," + time + ",\"data\":{\"a\":1,\"a\":1}}"));
  }

  @Test
  void parse_ofBytesThatAreNotUtf8_isRefused() {
    byte[] json = envelope("\"x\"", "\"2026-01-09T03:42:38Z\"", "\"?\"");
    for (int i = 0; i < json.length; i++) {
      json[i] = json[i] == '?' ? (byte) 0xff : json[i];
    }
    assertRefused("body", () -> Event.parse(json));
  }

  @Test
  void parse_ofUnknownFields_passesThemOver() {
    Event event = parse("{\"version\":2,\"event\":\"x\",\"more\":{\"event\":\"y\"},"
        + "\"timestamp\":\"2026-01-09T03:42:38Z\",\"data\":{\"id\":1}}");
    assertThat(event.name().value()).isEqualTo("x");
    assertThat(event.id()).isEmpty();
  }

  @Test
  void refusal_ofABody_doesNotQuoteIt() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> parse("{\"password\":hunter2}"))
        .withNoCause()
        .withMessageNotContainingAny("hunter2", "password");
  }

  @Test
  void toString_always_tellsNothingOfTheData() {
    Event event = event().data(JSON.textNode("hunter2")).build();
    assertThat(event).hasToString("Event[contact.created, no id, 2026-01-09T03:42:38.123456Z]");
    assertThat(event.withId("evt_1"))
        .hasToString("Event[contact.created, evt_1, 2026-01-09T03:42:38.123456Z]");
  }

  @Test
  void events_thatDifferAnywhere_areNotEqual() {
    Event event = event().id("a").data(JSON.textNode("x")).build();
    assertThat(event)
        .isEqualTo(event().id("a").data(JSON.textNode("x")).build())
        .isNotEqualTo(event.withId("b"))
        .isNotEqualTo(event().id("a").data(JSON.textNode("y")).build())
        .isNotEqualTo(event().data(JSON.textNode("x")).build())
        .isNotEqualTo(event()
            .timestamp(NOON.plusSeconds(1))
            .id("a")
            .data(JSON.textNode("x"))
            .build())
        .isNotEqualTo(Event.builder(EventName.ROOM_SOLVED)
            .timestamp(NOON)
            .id("a")
            .data(JSON.textNode("x"))
            .build())
        .isNotEqualTo(null);
  }

  private static Event.Builder event() {
    return Event.builder(EventName.CONTACT_CREATED).timestamp(NOON);
  }

  private static Event parse(String json) {
    return Event.parse(json.getBytes(UTF_8));
  }

  private static byte[] envelope(String name, String timestamp, String data) {
    return ("{\"event\":" + name + ",\"timestamp\":" + timestamp + ",\"data\":" + data + "}")
        .getBytes(UTF_8);
  }

  private static String dataOf(Event event) {
    String body = event.toBody().text();
    return body.substring("{\"data\":".length(), body.lastIndexOf(",\"event\":"));
  }

  private static void assertRefused(String field, ThrowingCallable action) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(action)
        .withMessageStartingWith(field + ": ")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_EVENT));
  }

  @Test
  void event_inAnotherEncoding_isRefused() {
    String json = "{\"event\":\"a.b\",\"timestamp\":\"2026-01-09T03:42:38Z\",\"data\":1}";
    for (String charset : List.of("UTF-16BE", "UTF-16LE", "UTF-32BE")) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Event.parse(json.getBytes(java.nio.charset.Charset.forName(charset))))
          .withMessageStartingWith("body: ");
    }
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Event.parse(("\ufeff" + json).getBytes(UTF_8)))
        .withMessageStartingWith("body: ");
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Event.parse(new byte[] {'"', (byte) 0xc0, '"'}))
        .withMessage("body: it must be UTF-8");
  }

  @Test
  void event_withAVeryLongName_isRead() {
    String name = "n".repeat(100_000);
    Event event = Event.parse(("{\"event\":\"a.b\",\"timestamp\":\"2026-01-09T03:42:38Z\","
            + "\"data\":{\"" + name + "\":1}}")
        .getBytes(UTF_8));

    assertThat(event.data().get(name).intValue()).isEqualTo(1);
  }

  @Test
  void data_withNodesThatAreNoPlainJson_isRefused() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    for (JsonNode node : List.of(json.binaryNode(new byte[] {1}), json.pojoNode(new Object()))) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Event.builder(EventName.ROOM_SOLVED)
              .data(json.objectNode().set("a", json.arrayNode().add(node))))
          .withMessageStartingWith("data: ");
    }
  }

  @Test
  void data_asJsonText_isWhatTheNodeWouldBe() {
    Event.Builder builder = event();
    String json = "{\"name\":\"Sok\",\"ids\":[1,2.50,null]}";

    Event fromText = builder.data(json).build();
    Event fromBytes = builder.data(json.getBytes(UTF_8)).build();

    assertThat(fromText.dataAsJson()).isEqualTo("{\"name\":\"Sok\",\"ids\":[1,2.5,null]}");
    assertThat(fromBytes.toBody()).isEqualTo(fromText.toBody());
    assertThat(builder.data(fromText.data()).build().toBody()).isEqualTo(fromText.toBody());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\":1,\"a\":2}", "1 2", "nul", "'a'"})
  void data_thatIsNotJson_isRefusedByField(String json) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> event().data(json))
        .withMessageStartingWith("data: ");
  }
}
