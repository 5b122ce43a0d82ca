package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.BoundedDns;
import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.Failure;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each failure is called: whether a connection stood decides who is to blame. */
class AttemptOutcomeTableTest {
  private static final String HOST = "hooks.example.com";

  /** Lets everything through, so that the network itself says what it thinks. */
  private static final EndpointPolicy ANYTHING = new EndpointPolicy() {
    @Override
    public List<String> faults(String url) {
      return List.of();
    }

    @Override
    public boolean allows(String host, InetAddress address) {
      return true;
    }
  };

  private static AttemptResult send(Dns resolver, int port, Duration timeout) {
    OkHttpClient client = new OkHttpClient.Builder().dns(resolver).build();
    try (HttpTransport transport =
        HttpTransport.builder(ANYTHING).client(client).build()) {
      return new Sending(transport)
          .send(Sending.request("http://" + HOST + ":" + port + "/hook", timeout));
    }
  }

  private static Dns at(String... addresses) {
    return host -> {
      List<InetAddress> found = new ArrayList<>();
      for (String address : addresses) {
        found.add(InetAddress.getByName(address));
      }
      return found;
    };
  }

  private static void assertOutcome(AttemptResult result, AttemptOutcome outcome) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(outcome);
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).isNotEmpty();
  }

  // --- what systems say when a connection is made

  static Stream<Arguments> systemsSay() {
    return Stream.of(
        Arguments.of(new UnknownHostException(HOST), AttemptOutcome.UNREACHABLE),
        Arguments.of(new NoRouteToHostException("No route to host"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new ConnectException("Network is unreachable"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketException("Network is unreachable"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketException("Network is down"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new ConnectException("Connection timed out"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketTimeoutException("Connect timed out"), AttemptOutcome.UNREACHABLE),
        Arguments.of(
            new BindException("Cannot assign requested address"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketException("Too many open files"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketException("Permission denied"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new SocketException("No buffer space available"), AttemptOutcome.UNREACHABLE),
        Arguments.of(new ConnectException("Connection refused"), AttemptOutcome.CONNECTION_REFUSED),
        Arguments.of(
            new ConnectException("Connection refused: getsockopt"),
            AttemptOutcome.CONNECTION_REFUSED));
  }

  private static CallObserver connecting() {
    OkHttpClient client = new OkHttpClient();
    Call call = client.newCall(new Request.Builder().url("http://" + HOST).build());
    CallObserver observer = new CallObserver(new BoundedDns(Dns.SYSTEM), 0);
    observer.connectStart(call, InetSocketAddress.createUnresolved(HOST, 80), Proxy.NO_PROXY);
    return observer;
  }

  @ParameterizedTest
  @MethodSource("systemsSay")
  void of_aFailureWhileConnecting_isCalledAsItsMeaning(
      IOException failure, AttemptOutcome outcome) {
    Failure told = Failure.of(failure, connecting(), HOST, null);

    assertThat(told.outcome()).isEqualTo(outcome);
    assertThat(told.text()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("systemsSay")
  void of_aFailureWhileConnectingToAProxy_isNeverTheEndpoints(
      IOException failure, AttemptOutcome direct) {
    HttpProxy proxy = HttpProxy.of("proxy.example.com", 3_128);

    Failure told = Failure.of(failure, connecting(), HOST, proxy);

    assertThat(told.outcome()).as("directly %s", direct).isEqualTo(AttemptOutcome.UNREACHABLE);
    assertThat(told.text()).startsWith("the proxy proxy.example.com:3128: ");
  }

  @Test
  void of_severalAddresses_isCalledAsTheOneThatTellsMost() {
    IOException first = new ConnectException("Network is unreachable");
    first.addSuppressed(new ConnectException("Connection refused"));
    first.addSuppressed(new NoRouteToHostException("No route to host"));

    assertThat(Failure.of(first, connecting(), HOST, null).outcome())
        .isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
  }

  // --- the same on real sockets

  @Test
  void send_toAnUnknownName_isUnreachable() {
    assertOutcome(
        send(
            host -> {
              throw new UnknownHostException(host);
            },
            80,
            Sending.LONG),
        AttemptOutcome.UNREACHABLE);
    assertOutcome(send(host -> List.of(), 80, Sending.LONG), AttemptOutcome.UNREACHABLE);
  }

  @Test
  void send_whenTheResolverHangs_isUnreachableInTime() {
    CountDownLatch over = new CountDownLatch(1);
    Dns hanging = host -> {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new UnknownHostException(host);
    };

    AttemptResult result = send(hanging, 80, Sending.SHORT);
    over.countDown();

    assertOutcome(result, AttemptOutcome.UNREACHABLE);
    assertThat(result.error()).contains("timed out after 500 ms while looking up");
  }

  /** No machine has a TCP route to a multicast address. */
  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.1", "255.255.255.255"})
  void send_toWhereNoRouteLeads_isUnreachable(String address) {
    assertOutcome(send(at(address), 80, Sending.LONG), AttemptOutcome.UNREACHABLE);
  }

  @Test
  void send_toAClosedPort_isRefused() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }

    assertOutcome(send(at("127.0.0.1"), port, Sending.LONG), AttemptOutcome.CONNECTION_REFUSED);
    assertOutcome(
        send(at("224.0.0.1", "127.0.0.1"), port, Sending.LONG), AttemptOutcome.CONNECTION_REFUSED);
  }

  @Test
  void send_toAMachineThatLetsNobodyIn_isUnreachableInTime() throws IOException {
    List<Socket> crowd = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      while (connects(full, crowd)) {
        assertThat(crowd).as("those let in").hasSizeLessThan(100);
      }

      AttemptResult result = send(at("127.0.0.1"), full.getLocalPort(), Sending.SHORT);

      assertOutcome(result, AttemptOutcome.UNREACHABLE);
      assertThat(result.error()).isEqualTo("timed out after 500 ms while connecting");
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  private static boolean connects(ServerSocket server, List<Socket> crowd) throws IOException {
    Socket socket = new Socket();
    crowd.add(socket);
    try {
      socket.connect(server.getLocalSocketAddress(), 300);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void send_toAnEndpointThatSaysNothing_timesOut() {
    try (RawServer silent = new RawServer((socket, out) -> {})) {
      assertOutcome(send(at("127.0.0.1"), silent.port(), Sending.SHORT), AttemptOutcome.TIMED_OUT);
    }
  }

  @Test
  void send_toAnEndpointThatGoes_isBroken() {
    try (RawServer going = new RawServer((socket, out) -> socket.close())) {
      assertOutcome(send(at("127.0.0.1"), going.port(), Sending.LONG), AttemptOutcome.BROKEN);
    }
  }

  @Test
  void send_throughATransportThatIsClosed_isThisNodesOwn() {
    HttpTransport transport = HttpTransport.builder(ANYTHING).build();
    transport.close();

    assertOutcome(new Sending(transport).to("http://127.0.0.1/hook"), AttemptOutcome.INTERNAL);
  }
}
