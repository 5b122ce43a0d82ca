package cloud.klink.webhooks.examples.benchmarks.receiver;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.net.InetAddress;
import java.util.List;

/** Lets the sender connect to this machine, which it would refuse. */
public final class AnyEndpoint implements EndpointPolicy {
  /** For any sender. */
  public AnyEndpoint() {}

  @Override
  public List<String> faults(String url) {
    return List.of();
  }

  @Override
  public boolean allows(String host, InetAddress address) {
    return true;
  }
}
