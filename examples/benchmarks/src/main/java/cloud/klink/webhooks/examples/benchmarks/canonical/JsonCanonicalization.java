package cloud.klink.webhooks.examples.benchmarks.canonical;

import java.io.IOException;
import javax.crypto.Mac;
import org.erdtman.jcs.JsonCanonicalizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** RFC 8785 by java-json-canonicalization, then HMAC: another canonical form of the same body. */
@State(Scope.Thread)
public class JsonCanonicalization {
  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  private byte[] body = {};
  private Mac mac = Secret.mac();

  /** For JMH. */
  public JsonCanonicalization() {}

  /** Makes a body. */
  @Setup
  public void setUp() {
    body = Bodies.shuffled(size);
    mac = Secret.mac();
  }

  /**
   * Computes the HMAC of the canonical form.
   *
   * @return the HMAC
   * @throws IOException if the body is no JSON
   */
  @Benchmark
  public byte[] hmac() throws IOException {
    return mac.doFinal(new JsonCanonicalizer(body).getEncodedUTF8());
  }
}
