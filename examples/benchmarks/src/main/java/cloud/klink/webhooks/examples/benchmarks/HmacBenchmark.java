package cloud.klink.webhooks.examples.benchmarks;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** HMAC-SHA256 alone: the floor under every verification. */
@State(Scope.Thread)
public class HmacBenchmark {

  @Param({"512", "2048", "16384", "262144"})
  private int size;

  private byte[] body = {};
  private Mac mac = newMac();

  /** Creates the benchmark. */
  public HmacBenchmark() {}

  /** Makes a body of the size asked for. */
  @Setup
  public void setUp() {
    body = new byte[size];
    mac = newMac();
  }

  /**
   * Computes the HMAC of the body.
   *
   * @return the HMAC
   */
  @Benchmark
  public byte[] hmac() {
    return mac.doFinal(body);
  }

  private static Mac newMac() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
