package cloud.klink.webhooks.examples.console.setup;

import java.net.InetAddress;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Refuses to start where other machines could reach a console that nobody logs in to. */
@Component
class LoopbackOnly {
  LoopbackOnly(ServerProperties server) {
    InetAddress address = server.getAddress();
    if (address == null || !address.isLoopbackAddress()) {
      throw new IllegalStateException(
          "server.address: it must be a loopback address, as 127.0.0.1 is: the console has no log-in"
              + " yet, and shows signing secrets");
    }
  }
}
