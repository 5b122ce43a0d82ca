package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;

/**
 * The endpoint policy refused an address. The message does not name the address, which may be
 * confidential.
 */
final class AddressNotAllowedException extends IOException {
  private static final long serialVersionUID = 1L;

  AddressNotAllowedException(String host) {
    super("address not allowed: the one that " + host
        + " stands for is not on the public internet, or not allowed by the endpoint policy");
  }
}
