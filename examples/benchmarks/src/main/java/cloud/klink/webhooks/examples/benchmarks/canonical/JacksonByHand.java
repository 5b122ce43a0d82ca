package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.canonical.Dialect;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Jackson with sorted maps, then HMAC, as one would write it by hand from K-LINK's page: the
 * canonical string, and a {@link javax.crypto.Mac} for each request.
 */
@State(Scope.Thread)
public class JacksonByHand {
  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  /** How it is printed. */
  @Param({"SORTED"})
  public Shape shape = Shape.SORTED;

  private final ObjectMapper mapper = JsonMapper.builder()
      .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  private byte[] body = {};
  private String signature = "";

  /** For JMH. */
  public JacksonByHand() {}

  /** Makes a request with a good signature. */
  @Setup
  public void setUp() {
    body = shape.body(size);
    signature = Secret.signature(body, Dialect.KLINK);
  }

  /**
   * Verifies the request.
   *
   * @return the canonical string
   * @throws IOException if the body is no JSON
   */
  @Benchmark
  public String verify() throws IOException {
    String canonical =
        "POST" + Secret.URL + mapper.writeValueAsString(mapper.readValue(body, Object.class));
    byte[] expected = Secret.mac().doFinal(canonical.getBytes(StandardCharsets.UTF_8));
    if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature))) {
      throw new IllegalStateException("Jackson's canonical form is another");
    }
    return canonical;
  }
}
