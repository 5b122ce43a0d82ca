package cloud.klink.webhooks.examples.console.demo;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Public endpoints over TLS, and one URL more: that of the demo endpoint. Another port, path or
 * name of this machine stays refused.
 */
public final class DemoEndpointPolicy implements EndpointPolicy {
  private final EndpointPolicy others = EndpointPolicy.publicHttps();
  private final String demoUrl;
  private final String demoHost;

  /**
   * A policy.
   *
   * @param demoUrl the URL of the demo endpoint
   */
  public DemoEndpointPolicy(String demoUrl) {
    this.demoUrl = demoUrl;
    this.demoHost = Objects.requireNonNull(URI.create(demoUrl).getHost());
  }

  @Override
  public List<String> faults(String url) {
    return url.equals(demoUrl) ? List.of() : others.faults(url);
  }

  /**
   * Only the URL of the demo endpoint passes {@link #faults} with this host, so a name that stands
   * for this machine's address is refused here.
   */
  @Override
  public boolean allows(String host, InetAddress address) {
    return (host.equals(demoHost) && address.getHostAddress().equals(demoHost))
        || others.allows(host, address);
  }

  @Override
  public List<String> exceptions() {
    List<String> lines = new ArrayList<>(others.exceptions());
    lines.add("the demo endpoint " + demoUrl + " on this machine is allowed");
    return List.copyOf(lines);
  }
}
