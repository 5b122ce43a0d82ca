package cloud.klink.webhooks.examples.console.setup;

import java.net.InetAddress;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Refuses to start where other machines could reach a console that nobody logs in to. */
@Component
class LoopbackOnly {
  LoopbackOnly(ServerProperties server, ConsoleSettings settings) {
    InetAddress address = server.getAddress();
    if (address != null && address.isLoopbackAddress()) {
      return;
    }
    if (!settings.access().isLoginRequired()) {
      throw new IllegalStateException(
          "server.address: it must be a loopback address, as 127.0.0.1 is, unless people have to log"
              + " in: the console shows signing secrets. Set console.access.users");
    }
    if (settings.access().hosts().isEmpty()) {
      throw new IllegalStateException(
          "console.access.hosts: on an address that is not a loopback address, it must list the"
              + " names that browsers reach the console by");
    }
  }
}
