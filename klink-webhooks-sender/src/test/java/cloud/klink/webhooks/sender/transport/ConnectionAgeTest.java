package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections have a greatest age, so that an endpoint that moved is reached where it is now. */
class ConnectionAgeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AGE = Duration.ofMillis(500);
  private static final String HOST = "moved.example";

  private final TlsServers tls = new TlsServers();
  private final AtomicReference<InetAddress> address = new AtomicReference<>();

  private HttpTransport transport(Duration age) {
    OkHttpClient client =
        tls.trusting().newBuilder().dns(host -> List.of(address.get())).build();
    return HttpTransport.builder(EndpointPolicy.forDevelopment())
        .client(client)
        .keepAlive(Duration.ofMinutes(1))
        .maxConnectionAge(age)
        .build();
  }

  /** A machine at an address of its own; the port is another machine's, or 0 for any. */
  private RawServer machine(String protocol, InetAddress at, int port) {
    ServerSocketFactory sockets = tls.goodFor(List.of(HOST), protocol);
    ServerSocketFactory there = new ServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket(int ignored) throws IOException {
        return sockets.createServerSocket(port);
      }

      @Override
      public ServerSocket createServerSocket(int ignored, int backlog) throws IOException {
        return sockets.createServerSocket(port, backlog);
      }

      @Override
      public ServerSocket createServerSocket(int ignored, int backlog, InetAddress loopback)
          throws IOException {
        return sockets.createServerSocket(port, backlog, at);
      }
    };
    return RawServer.talking(
        there,
        protocol.equals("h2")
            ? Http2Frames.answering((to, stream) -> to.ok(stream))
            : ConnectionAgeTest::answer);
  }

  private static void answer(Socket socket, InputStream in, OutputStream out) throws IOException {
    for (List<String> head = RawServer.head(in); !head.isEmpty(); head = RawServer.head(in)) {
      in.readNBytes(head.stream()
          .filter(line -> line.startsWith("Content-Length: "))
          .mapToInt(line -> Integer.parseInt(line.substring(16)))
          .sum());
      RawServer.say(out, Http1Endpoint.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", "h2"})
  void send_toAnEndpointThatMoved_reachesItWithinTheGreatestAge(String protocol)
      throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    InetAddress there = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    address.set(here);
    try (RawServer before = machine(protocol, here, 0);
        RawServer after = machine(protocol, there, before.port());
        HttpTransport transport = transport(AGE)) {
      Sending sending = new Sending(transport);
      String url = "https://" + HOST + ":" + before.port() + "/hook";
      assertThat(sending.to(url).succeeded()).isTrue();
      address.set(there);
      long moved = System.nanoTime();

      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
        assertThat(sending.to(url).succeeded()).isTrue();
        return after.connections() > 0;
      });

      assertThat(before.connections()).isLessThanOrEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - moved)).isLessThan(AGE.multipliedBy(10));
      await().atMost(PATIENCE).until(() -> before.open() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", "h2"})
  void send_withinTheGreatestAge_takesOneConnection(String protocol) throws IOException {
    address.set(InetAddress.getLoopbackAddress());
    try (RawServer machine = machine(protocol, address.get(), 0);
        HttpTransport transport = transport(Duration.ofDays(1))) {
      Sending sending = new Sending(transport);
      for (int i = 0; i < 50; i++) {
        assertThat(sending.to("https://" + HOST + ":" + machine.port() + "/").succeeded())
            .isTrue();
      }

      assertThat(machine.connections()).isEqualTo(1);
    }
  }

  @Test
  void build_withATimeOutOfItsRange_isRefused() {
    for (Duration time : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofDays(2))) {
      HttpTransport.Builder age =
          HttpTransport.builder(EndpointPolicy.publicHttps()).maxConnectionAge(time);
      assertThatThrownBy(age::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("maxConnectionAge: it must be from 1ms to 1d, not ");
      HttpTransport.Builder idle =
          HttpTransport.builder(EndpointPolicy.publicHttps()).keepAlive(time);
      assertThatThrownBy(idle::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keepAlive: it must be from 1ms to 1h, not ");
    }
  }
}
