package cloud.klink.webhooks.examples.benchmarks.canonical;

import javax.crypto.Mac;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** HMAC-SHA256 alone, over as many bytes, with a {@link Mac} that is used again: the floor. */
@State(Scope.Thread)
public class Floor {
  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  private byte[] message = {};
  private Mac mac = Secret.mac();

  /** For JMH. */
  public Floor() {}

  /** Makes a message as long as the canonical request. */
  @Setup
  public void setUp() {
    message = new byte["POST".length() + Secret.URL.length() + Bodies.sorted(size).length];
    mac = Secret.mac();
  }

  /**
   * Computes the HMAC.
   *
   * @return the HMAC
   */
  @Benchmark
  public byte[] hmac() {
    return mac.doFinal(message);
  }
}
