package cloud.klink.webhooks.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningSecretTest {

  private static final CanonicalTarget TARGET =
      CanonicalTarget.of("POST", "https://example.com/webhooks");

  /** Made with Python's {@code hmac}; the second key is longer than SHA-256's block. */
  @ParameterizedTest
  @CsvSource({
    "key, 1, 24c4fd910de2b8ee60a7df379d63fa96d6bac7d2301dc6e0d25cd3f85404d010",
    "131, 65, 6d14960eee333a85db91b50f955b5374da41ade1cc33ab0c46912c5aa18fe5cc",
    "ស, 64, 5631de579b46679c73c2bf056f1f5f50d4400d383858b8490bc298457786e126"
  })
  void sign_ofKnownKeyAndBody_isTheKnownHmac(String key, int bodyLength, String expected) {
    SigningSecret secret = SigningSecret.of(key.equals("131") ? "a".repeat(131) : key);
    CanonicalRequest request = request("1".repeat(bodyLength));
    assertThat(secret.sign(request).hex()).isEqualTo(expected);
    assertThat(secret.verifies(request, Signature.parse(expected))).isTrue();
  }

  @Test
  void sign_ofNoBody_isTheHmacOfTheTargetAlone() {
    assertThat(SigningSecret.of("key").sign(TARGET.with(CanonicalBody.empty())).hex())
        .isEqualTo("da6a0d4c3c77da4bf4690512cb18f7e14b159ae289186c82502b650be9d868e3");
  }

  @Test
  void verifies_ofAnotherBodySecretOrSignature_isFalse() {
    SigningSecret secret = SigningSecret.of("key");
    Signature signature = secret.sign(request("[1]"));
    assertThat(secret.verifies(request("[1]"), signature)).isTrue();
    assertThat(secret.verifies(request("[2]"), signature)).isFalse();
    assertThat(SigningSecret.of("key ").verifies(request("[1]"), signature)).isFalse();
    for (int i = 0; i < Signature.HEX_LENGTH; i++) {
      char[] hex = signature.hex().toCharArray();
      hex[i] = hex[i] == '0' ? '1' : '0';
      assertThat(secret.verifies(request("[1]"), Signature.parse(new String(hex))))
          .isFalse();
    }
  }

  @Test
  void bytes_changedAfterwards_doNotChangeTheSecret() {
    byte[] bytes = "whsec_original".getBytes(UTF_8);
    SigningSecret secret = SigningSecret.of(bytes);
    Signature before = secret.sign(request("[1]"));
    Arrays.fill(bytes, (byte) 'x');
    assertThat(secret.sign(request("[1]"))).isEqualTo(before);
    assertThat(secret.reveal()).isEqualTo("whsec_original");
    assertThat(secret).isEqualTo(SigningSecret.of("whsec_original"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", " white space counts ", "រហស្យ😀", "a\u00a0"})
  void secret_ofText_isTheSecretOfItsUtf8(String text) {
    SigningSecret secret = SigningSecret.of(text);
    assertThat(secret.reveal()).isEqualTo(text);
    assertThat(secret).isEqualTo(SigningSecret.of(text.getBytes(UTF_8)));
    assertThat(secret.sign(request("[1]")))
        .isEqualTo(SigningSecret.of(text.getBytes(UTF_8)).sign(request("[1]")));
  }

  @Test
  void secret_ofTheLongestLength_isTakenAndOneByteMoreIsNot() {
    assertThat(SigningSecret.of("a".repeat(1_024)).reveal()).hasSize(1_024);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.of("a".repeat(1_025)))
        .withMessage("secret: it must have 1 to 1024 bytes in UTF-8, not 1025");
    assertThatIllegalArgumentException().isThrownBy(() -> SigningSecret.of("ស".repeat(342)));
    assertThatIllegalArgumentException().isThrownBy(() -> SigningSecret.of(new byte[1_025]));
  }

  @Test
  void secret_thatIsEmpty_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.of(""))
        .withMessageContaining("1 to 1024");
    assertThatIllegalArgumentException().isThrownBy(() -> SigningSecret.of(new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "   ", "\u00a0\u3000", "\u200b", "\ufeff"})
  void secret_thatIsBlank_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.of(text))
        .withMessageContaining("blank");
    assertThatIllegalArgumentException().isThrownBy(() -> SigningSecret.of(text.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2\n", "hunter2\r\n", "\thunter2", "hunter2\0", "\u0085hunter2"})
  void secret_withAControlCharacter_isRefusedWithoutQuotingIt(String text) {
    assertNothingOf("hunter2", catchThrowable(() -> SigningSecret.of(text)));
    assertNothingOf("hunter2", catchThrowable(() -> SigningSecret.of(text.getBytes(UTF_8))));
  }

  @Test
  void secret_thatIsNotUnicode_isRefusedWithoutQuotingIt() {
    assertNothingOf("hunter2", catchThrowable(() -> SigningSecret.of("hunter2\ud800")));
    byte[] bytes = "hunter2\0".getBytes(UTF_8);
    bytes[7] = (byte) 0xff;
    assertNothingOf("hunter2", catchThrowable(() -> SigningSecret.of(bytes)));
    assertNothingOf("hunter2", catchThrowable(() -> SigningSecret.of("hunter2".repeat(1_000))));
  }

  private static void assertNothingOf(String secret, Throwable thrown) {
    assertThat(thrown)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("secret: ");
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(secret);
  }

  @Test
  void toString_always_isThreeAsterisks() {
    assertThat(SigningSecret.of("hunter2")).hasToString("***");
  }

  @Test
  void class_always_showsItsSecretInOneMethodOnly() {
    Stream<String> telling = Arrays.stream(SigningSecret.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> method.getParameterCount() == 0)
        .map(method -> method.getName());
    assertThat(telling).containsExactlyInAnyOrder("reveal", "toString", "hashCode");
    assertThat(SigningSecret.class.getFields()).isEmpty();
  }

  @Test
  void secret_printedByJackson_tellsNothing() {
    ObjectMapper mapper = new ObjectMapper();
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(() -> mapper.writeValueAsString(SigningSecret.of("hunter2")))
        .withMessageNotContaining("hunter2");
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(() -> mapper.readValue("\"hunter2\"", SigningSecret.class));
  }

  @Test
  void secret_serialized_isRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(SigningSecret.of("hunter2")));
    }
    assertThat(bytes.toString(UTF_8)).doesNotContain("hunter2");
  }

  @Test
  void secrets_ofEqualBytes_areEqual() {
    assertThat(SigningSecret.of("a"))
        .isEqualTo(SigningSecret.of("a"))
        .hasSameHashCodeAs(SigningSecret.of("a"))
        .isNotEqualTo(SigningSecret.of("b"))
        .isNotEqualTo(SigningSecret.of("aa"))
        .isNotEqualTo("a")
        .isNotEqualTo(null);
  }

  @Test
  void hashCode_always_isNoPlainFunctionOfTheBytes() {
    int likeBytes = 0;
    int likeText = 0;
    Set<Integer> codes = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String text = "secret-" + i;
      int code = SigningSecret.of(text).hashCode();
      likeBytes += code == Arrays.hashCode(text.getBytes(UTF_8)) ? 1 : 0;
      likeText += code == text.hashCode() ? 1 : 0;
      codes.add(code);
    }
    assertThat(likeBytes).isLessThan(3);
    assertThat(likeText).isLessThan(3);
    assertThat(codes).hasSizeGreaterThan(95);
  }

  @Test
  void generate_always_takes256BitsFromTheGivenSource() {
    byte[] bits = new byte[32];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) (0xf8 + i);
    }
    Counting random = new Counting(bits);
    SigningSecret secret = SigningSecret.generate(random);
    assertThat(random.asked).containsExactly(32);
    assertThat(secret.reveal()).startsWith("whsec_").hasSize(6 + 43).matches("[A-Za-z0-9_-]+");
    assertThat(Base64.getUrlDecoder().decode(secret.reveal().substring(6))).isEqualTo(bits);
  }

  @Test
  void generate_oftenCalled_givesDifferentSecrets() {
    SecureRandom random = new SecureRandom();
    Set<SigningSecret> secrets = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      secrets.add(SigningSecret.generate(random));
    }
    assertThat(secrets).hasSize(1_000);
  }

  /** Gives known bits and notes how many were asked for. */
  private static final class Counting extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] bits;
    private final ArrayList<Integer> asked = new ArrayList<>();

    Counting(byte[] bits) {
      this.bits = bits;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      asked.add(bytes.length);
      System.arraycopy(bits, 0, bytes, 0, bytes.length);
    }
  }

  @Test
  void sign_by16Threads_isRightEachTime() throws InterruptedException, ExecutionException {
    SigningSecret secret = SigningSecret.of("shared");
    Map<String, Signature> expected = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      String body = "[" + "1,".repeat(i) + "1]";
      expected.put(body, SigningSecret.of("shared").sign(request(body)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        wrong.add(threads.submit(() -> {
          int count = 0;
          for (int round = 0; round < 40; round++) {
            for (Map.Entry<String, Signature> entry : expected.entrySet()) {
              CanonicalRequest request = request(entry.getKey());
              boolean right = secret.sign(request).equals(entry.getValue())
                  && secret.verifies(request, entry.getValue());
              count += right ? 0 : 1;
            }
          }
          return count;
        }));
      }
      for (Future<Integer> count : wrong) {
        assertThat(count.get()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static CanonicalRequest request(String body) {
    return TARGET.with(CanonicalBody.of(body.getBytes(UTF_8), Dialect.KLINK));
  }
}
