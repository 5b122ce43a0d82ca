package cloud.klink.webhooks.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import cloud.klink.webhooks.signature.Signature;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketMessageTest {

  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final Signature SIGNATURE = Signature.parse(HEX);

  @Test
  void message_sentAndParsed_isTheSame() {
    byte[] body = "{\"event\":\"សារ😀\",\"data\":[1.50, {\"}\":\"]\"}]}".getBytes(UTF_8);
    WebSocketMessage sent = WebSocketMessage.of("dlv_1", SIGNATURE, body);
    assertThat(sent.text())
        .isEqualTo("{\"id\":\"dlv_1\",\"signature\":\"" + HEX + "\",\"body\":"
            + new String(body, UTF_8) + "}");
    WebSocketMessage read = WebSocketMessage.parse(sent.text());
    assertThat(read.id()).isEqualTo("dlv_1");
    assertThat(read.signature()).isEqualTo(SIGNATURE);
    assertThat(read.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{ \"a\" : [ 1 , { \"b\" : \"}\" } ] }",
        "\"text\"",
        "\"សុខ \\u1781 😀 \\\" \\\\ \"",
        "1",
        "-1.50e+07",
        "0",
        "true",
        "false",
        "null",
        "[[[[[[1]]]]], \"😀\" , {\"ស\":{}}]",
        "{\"a\":1,\"b\":{\"id\":\"inner\",\"body\":[]}}"
      })
  void body_inAnyPlaceOfTheMessage_isExactlyItsSlice(String body) {
    String id = "\"id\":\"ដ-1\"";
    String signature = "\"signature\" : \"" + HEX + "\"";
    assertBody(body, "{" + id + "," + signature + ",\"body\":" + body + "}");
    assertBody(body, "{\"body\":" + body + "," + id + "," + signature + "}");
    assertBody(body, " {\n\"body\"\t:\r\n " + body + " , " + id + ", " + signature + " } ");
    assertBody(
        body,
        "{\"x\":[{\"body\":2}]," + id + ",\"body\": " + body + " ," + signature + ",\"y\":1}");
  }

  private static void assertBody(String body, String text) {
    assertThat(WebSocketMessage.parse(text).body()).asString(UTF_8).isEqualTo(body);
    assertThat(WebSocketMessage.parse(text.getBytes(UTF_8)).body())
        .asString(UTF_8)
        .isEqualTo(body);
  }

  @Test
  void body_ofManyKilobytes_isExactlyItsSlice() {
    String body = "[\"" + "សុខ😀".repeat(20_000) + "\",1]";
    assertBody(body, "{\"id\":\"1\",\"body\":" + body + ",\"signature\":\"" + HEX + "\"}");
  }

  @Test
  void body_of1000Levels_isExactlyItsSlice() {
    String body = "[".repeat(1_000) + "]".repeat(1_000);
    assertBody(body, "{\"id\":\"1\",\"body\":" + body + ",\"signature\":\"" + HEX + "\"}");
  }

  @Test
  void id_withCharactersThatNeedEscapes_isReadBackTheSame() throws JsonProcessingException {
    String id = "a\"b\\c\n\0\u001f\u007fស😀</";
    WebSocketMessage message = WebSocketMessage.of(id, SIGNATURE, new byte[] {'1'});
    assertThat(WebSocketMessage.parse(message.text()).id()).isEqualTo(id);
    assertThat(new ObjectMapper().readTree(message.text()).get("id").textValue())
        .isEqualTo(id);
  }

  @Test
  void body_changedByTheCaller_doesNotChangeTheMessage() {
    byte[] body = {'1'};
    WebSocketMessage message = WebSocketMessage.of("1", SIGNATURE, body);
    Arrays.fill(body, (byte) '2');
    message.body()[0] = '3';
    assertThat(message.body()).containsExactly('1');
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`` | message",
        "1 | message",
        "[] | message",
        "null | message",
        "{ | message",
        "{} | body",
        "{\"id\":\"1\",\"signature\":\"@\"} | body",
        "{\"id\":\"1\",\"body\":1} | signature",
        "{\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":1,\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":null,\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":\"\",\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":{\"a\":1},\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":\"1\",\"signature\":5,\"body\":1} | signature",
        "{\"id\":\"1\",\"signature\":\"\",\"body\":1} | signature",
        "{\"id\":\"1\",\"signature\":\"ABC\",\"body\":1} | signature",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":} | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":[1} | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":nul} | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1 | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1}} | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1} {} | message",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1} x | message",
        "{\"id\":\"1\",\"id\":\"1\",\"signature\":\"@\",\"body\":1} | id",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1,\"body\":2} | body",
        "{\"id\":\"1\",\"signature\":\"@\",\"signature\":\"@\",\"body\":1} | signature",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":1,\"\\u0062ody\":2} | body",
        "{\"id\":\"1\",\"signature\":\"@\",\"body\":\"\ud800\"} | body"
      })
  void message_thatBreaksARule_isRefusedWithItsField(String text, String field) {
    assertRefused(field, () -> WebSocketMessage.parse(text.replace("@", HEX)));
    if (!text.contains("\ud800")) {
      assertRefused(field, () -> WebSocketMessage.parse(text.replace("@", HEX).getBytes(UTF_8)));
    }
  }

  @Test
  void bytes_thatAreNotUtf8_areRefused() {
    String text = "{\"id\":\"1\",\"signature\":\"" + HEX + "\",\"body\":\"é\"}";
    for (byte[] bytes :
        List.of(text.getBytes(ISO_8859_1), text.getBytes(UTF_16BE), text.getBytes(UTF_16LE))) {
      assertRefused("message", () -> WebSocketMessage.parse(bytes));
      assertThat(WebSocketMessage.findId(bytes)).isEmpty();
    }
    assertThat(WebSocketMessage.findId(text.getBytes(UTF_8))).contains("1");
  }

  @Test
  void bodyBuffer_readByOne_isWholeForTheNext() {
    WebSocketMessage message = WebSocketMessage.of("1", SIGNATURE, new byte[] {'1', '2'});
    assertThat(message.bodyBuffer().isReadOnly()).isTrue();
    message.bodyBuffer().get();
    assertThat(message.bodyBuffer().remaining()).isEqualTo(2);
  }

  @Test
  void fields_thatAreUnknown_arePassedOver() {
    String text = "{\"x\":[{\"a\":1}],\"id\":\"1\",\"x\":2,\"signature\":\"" + HEX
        + "\",\"body\":{\"a\":1,\"a\":2}}";
    WebSocketMessage message = WebSocketMessage.parse(text);

    // Whether the body could be read in two ways is the verifier's to say.
    assertThat(message.body()).asString(UTF_8).isEqualTo("{\"a\":1,\"a\":2}");
  }

  @Test
  void message_inUtf16ReadAsText_isRefused() {
    String text = "{\"id\":\"1\",\"signature\":\"" + HEX + "\",\"body\":1}";
    for (String charset : List.of("UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE")) {
      String spread = new String(text.getBytes(Charset.forName(charset)), ISO_8859_1);
      assertRefused("message", () -> WebSocketMessage.parse(spread));
      assertRefused("message", () -> WebSocketMessage.parse(spread.getBytes(UTF_8)));
    }
  }

  @Test
  void message_withAByteOrderMark_isRefused() {
    String text = "\ufeff{\"id\":\"1\",\"signature\":\"" + HEX + "\",\"body\":[1, 2]}";
    assertRefused("message", () -> WebSocketMessage.parse(text));
    assertRefused("message", () -> WebSocketMessage.parse(text.getBytes(UTF_8)));
  }

  @Test
  void message_ofWrongParts_isRefused() {
    byte[] body = {'1'};
    assertRefused("id", () -> WebSocketMessage.of("", SIGNATURE, body));
    assertRefused("id", () -> WebSocketMessage.of("a".repeat(201), SIGNATURE, body));
    assertRefused("body", () -> WebSocketMessage.of("1", SIGNATURE, new byte[0]));
    assertThat(WebSocketMessage.of("a".repeat(200), SIGNATURE, body).id()).hasSize(200);
  }

  @Test
  void toString_always_tellsNothingOfTheBody() {
    assertThat(WebSocketMessage.of("dlv_1", SIGNATURE, "\"hunter2\"".getBytes(UTF_8)))
        .hasToString("WebSocketMessage[dlv_1, 9 bytes]");
  }

  @Test
  void refusal_always_doesNotQuoteTheMessage() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> WebSocketMessage.parse("{\"hunter2\":hunter2}"))
        .withMessageNotContaining("hunter2")
        .withNoCause();
  }

  @Test
  void reply_sentAndParsed_isTheSame() {
    WebSocketReply ack = WebSocketReply.ack("dlv\"1");
    assertThat(ack.text()).isEqualTo("{\"ack\":\"dlv\\\"1\"}");
    assertThat(WebSocketReply.parse(ack.text())).isEqualTo(ack);

    WebSocketReply nack = WebSocketReply.nack("1", "bad \"signature\" ស😀");
    assertThat(nack.text()).isEqualTo("{\"nack\":\"1\",\"reason\":\"bad \\\"signature\\\" ស😀\"}");
    assertThat(WebSocketReply.parse(nack.text())).isEqualTo(nack);
    assertThat(nack.id()).isEqualTo("1");
    assertThat(nack.isAck()).isFalse();
    assertThat(ack.isAck()).isTrue();
    assertThat(ack).isNotEqualTo(WebSocketReply.nack("dlv\"1", "")).hasToString(ack.text());
  }

  @Test
  void reply_withoutAReason_hasAnEmptyOne() {
    assertThat(WebSocketReply.parse("{\"nack\":\"1\"}")).isEqualTo(WebSocketReply.nack("1", ""));
    assertThat(WebSocketReply.parse("{\"ack\":\"1\",\"more\":[{}],\"reason\":\"x\"}"))
        .isEqualTo(WebSocketReply.ack("1"));
  }

  @Test
  void reason_thatIsLong_isCutBetweenCharacters() {
    assertThat(WebSocketReply.nack("1", "a".repeat(501)).reason()).isEqualTo("a".repeat(500));
    WebSocketReply nack = WebSocketReply.nack("1", "a".repeat(499) + "😀");
    assertThat(nack.reason()).isEqualTo("a".repeat(499));
    assertThat(WebSocketReply.nack("1", "a".repeat(498) + "😀").reason()).hasSize(500);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`` | message",
        "[] | message",
        "{ | answer",
        "{} | answer",
        "{\"ack\":\"1\",\"nack\":\"1\"} | answer",
        "{\"ack\":\"1\",\"ack\":\"1\"} | answer",
        "{\"ack\":1} | ack",
        "{\"ack\":null} | ack",
        "{\"ack\":\"\"} | ack",
        "{\"nack\":\"\"} | nack",
        "{\"nack\":[]} | nack",
        "{\"nack\":\"1\",\"reason\":5} | reason",
        "{\"ack\":\"1\"} x | answer",
        "{\"ack\":\"1\"}{} | message"
      })
  void reply_thatBreaksARule_isRefusedWithItsField(String text, String field) {
    assertRefused(field, () -> WebSocketReply.parse(text));
  }

  @Test
  void reply_ofWrongParts_isRefused() {
    assertRefused("ack", () -> WebSocketReply.ack(""));
    assertRefused("ack", () -> WebSocketReply.ack("a".repeat(201)));
    assertRefused("nack", () -> WebSocketReply.nack("", "x"));
    assertRefused("nack", () -> WebSocketReply.nack("a".repeat(201), "x"));
  }

  private static void assertRefused(String field, ThrowingCallable action) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(action)
        .withMessageStartingWith(field + ": ")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_MESSAGE));
  }
}
