package cloud.klink.webhooks.examples.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to listen, and for how long. */
final class ServerOptions {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The address to listen at (default: ${DEFAULT-VALUE}, which only this machine"
          + " can reach).")
  private String host = "127.0.0.1";

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port; 0 takes any that is free (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "End after so many requests.")
  private @Nullable Integer count;

  static {
    // Seconds; the server reads them once. Without them a slow request keeps its thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
  }

  void check() {
    if (port < 0 || port > 65_535) {
      throw new BadUsage("--port: it must be from 0 to 65535, not " + port);
    }
    if (count != null && count < 1) {
      throw new BadUsage("--count: it must be at least 1, not " + count);
    }
  }

  static void checkStatus(int status) {
    if (status < 200 || status > 599) {
      throw new BadUsage("--status: it must be from 200 to 599, not " + status);
    }
  }

  int count() {
    return count == null ? Integer.MAX_VALUE : count;
  }

  InetSocketAddress address() throws IOException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  HttpServer bind() {
    try {
      return HttpServer.create(address(), 0);
    } catch (IOException e) {
      throw cannotListen(e);
    }
  }

  Failed cannotListen(Exception e) {
    return new Failed("cannot listen at " + host + ", port " + port + ": " + e.getMessage());
  }

  String authority(int boundPort) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + boundPort;
  }
}
