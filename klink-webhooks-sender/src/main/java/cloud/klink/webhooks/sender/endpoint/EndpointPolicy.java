package cloud.klink.webhooks.sender.endpoint;

import java.net.InetAddress;
import java.util.List;

/**
 * Decides which endpoints may be connected to: by the URL when a webhook is saved and again before
 * each attempt, and by the address at the moment of connecting. Safe for use by many threads.
 */
public interface EndpointPolicy {
  /**
   * Checks a URL.
   *
   * @param url the URL as somebody entered it; anything at all. Its scheme is that of HTTP or of
   *     WebSockets, as the webhook's method wants it, which is checked elsewhere
   * @return the rules that it breaks, for people; empty if it is allowed
   */
  List<String> faults(String url);

  /**
   * Checks an address that a connection is about to be made to.
   *
   * @param host the host as the URL names it
   * @param address the address that it stands for at this moment
   * @return true if it may be connected to
   */
  boolean allows(String host, InetAddress address);
}
