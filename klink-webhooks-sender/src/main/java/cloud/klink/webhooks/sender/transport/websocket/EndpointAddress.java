package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a connection: the URL and the header of its handshake. A message is sent only over
 * a connection with its own address.
 *
 * @param url the endpoint
 * @param authentication the header of the handshake, if there is one
 */
record EndpointAddress(String url, Optional<AuthenticationHeader> authentication) {
  private static final Pattern SCHEME = Pattern.compile("wss?://", Pattern.CASE_INSENSITIVE);

  static EndpointAddress of(OutgoingRequest request) {
    return new EndpointAddress(request.url(), AuthenticationHeader.of(request));
  }

  /**
   * Why this address must not be connected to; the text quotes rules, and nothing of the address.
   */
  Optional<String> fault(EndpointPolicy policy) {
    return authentication.flatMap(AuthenticationHeader::fault).or(() -> {
      List<String> faults = new ArrayList<>(EndpointUrl.faults(url));
      if (faults.isEmpty()) {
        faults.addAll(policy.faults(url));
      }
      if (faults.isEmpty() && !SCHEME.matcher(url).lookingAt()) {
        faults.add("its scheme must be ws or wss");
      }
      return faults.isEmpty()
          ? Optional.empty()
          : Optional.of("endpoint not allowed: " + String.join("; ", faults));
    });
  }

  /** Returns the name of this class only, since the URL may hold secrets. */
  @Override
  public String toString() {
    return "EndpointAddress";
  }
}
