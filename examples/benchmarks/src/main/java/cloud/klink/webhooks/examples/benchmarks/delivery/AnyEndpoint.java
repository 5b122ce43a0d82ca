package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.net.InetAddress;
import java.util.List;

/** Lets the sender connect to this machine, which it would refuse. */
final class AnyEndpoint implements EndpointPolicy {
  @Override
  public List<String> faults(String url) {
    return List.of();
  }

  @Override
  public boolean allows(String host, InetAddress address) {
    return true;
  }
}
