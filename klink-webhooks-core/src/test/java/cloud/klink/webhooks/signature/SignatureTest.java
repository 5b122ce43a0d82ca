package cloud.klink.webhooks.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {

  private static final String HEX =
      "00ff8d920f2aea23249076cb5b21cbebe865ea62329aba9687cca9fa53295da2";

  @Test
  void parse_of64LowerCaseDigits_isPrintedTheSame() {
    assertThat(Signature.parse(HEX).hex()).isEqualTo(HEX);
    assertThat(Signature.parse(HEX).matches(HexFormat.of().parseHex(HEX))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 62, 63, 65, 66, 128})
  void parse_ofAnotherLength_isRefused(int length) {
    assertRefused("a".repeat(length), MalformedReason.SIGNATURE_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"g", " ", "\0", "-", "/", ":", "`", "@", "é", "٣", "ａ", "\n"})
  void parse_ofWhatIsNoHexDigit_isRefused(String character) {
    for (int at : new int[] {0, 31, 63}) {
      String text = HEX.substring(0, at) + character + HEX.substring(at + 1);
      assertRefused(text, MalformedReason.SIGNATURE_NOT_HEX);
    }
  }

  @Test
  void parse_ofUpperCase_isRefused() {
    assertRefused(HEX.replace('f', 'F'), MalformedReason.SIGNATURE_UPPER_CASE);
    assertRefused("A".repeat(64), MalformedReason.SIGNATURE_UPPER_CASE);
  }

  @Test
  void parse_ofUpperCaseAndNoHex_isRefusedAsNoHex() {
    assertRefused("A" + "g".repeat(63), MalformedReason.SIGNATURE_NOT_HEX);
  }

  @Test
  void parse_ofTheSchemesOfOthers_isRefused() {
    assertRefused("sha256=" + HEX, MalformedReason.SIGNATURE_LENGTH);
    assertRefused("0x" + HEX.substring(2), MalformedReason.SIGNATURE_NOT_HEX);
    assertThatNullPointerException().isThrownBy(() -> Signature.parse(null));
  }

  private static void assertRefused(String text, MalformedReason reason) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Signature.parse(text))
        .withMessageStartingWith("signature: it")
        .withMessageNotContaining(HEX.substring(1, 30))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void signatures_ofEqualBytes_areEqual() {
    Signature signature = Signature.parse(HEX);
    assertThat(signature)
        .isEqualTo(Signature.parse(HEX))
        .hasSameHashCodeAs(Signature.parse(HEX))
        .isNotEqualTo(Signature.parse(HEX.replace('0', '1')))
        .isNotEqualTo(HEX)
        .isNotEqualTo(null);
  }

  @Test
  void matches_ofAnotherLength_isFalse() {
    assertThat(Signature.parse(HEX).matches(new byte[0])).isFalse();
    assertThat(Signature.parse(HEX).matches(new byte[33])).isFalse();
  }

  @Test
  void hashCode_always_isNoPlainFunctionOfTheBytes() {
    int same = 0;
    for (int i = 0; i < 100; i++) {
      String hex = HEX.substring(8) + String.format("%08x", i);
      byte[] bytes = HexFormat.of().parseHex(hex);
      same += Signature.parse(hex).hashCode() == Arrays.hashCode(bytes) ? 1 : 0;
    }
    assertThat(same).isLessThan(3);
  }

  @Test
  void toString_always_isThreeAsterisks() {
    assertThat(Signature.parse(HEX)).hasToString("***");
  }

  @Test
  void signature_printedByJacksonOrSerialized_tellsNothing() throws IOException {
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(() -> new ObjectMapper().writeValueAsString(Signature.parse(HEX)))
        .withMessageNotContaining(HEX);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(Signature.parse(HEX)));
    }
    assertThat(bytes.toString(UTF_8)).doesNotContain(HEX);
  }
}
