package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The address that is connected to is the one that is checked. */
class AddressCheckTest {
  private static final String REFUSED = "address not allowed";
  private static final String HIDDEN = "127.0.0.1";
  private static final String SHOWN = "127.0.0.2";

  /** As on the internet, but for one address where the tests' server listens too. */
  private static final EndpointPolicy POLICY = EndpointPolicy.publicHttp(SHOWN);

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getByName("0.0.0.0"), 0);
    for (int i = 0; i < 10; i++) {
      server.enqueue(new MockResponse.Builder().addHeader("Connection", "close").build());
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String url(String host) {
    return "http://" + host + ":" + server.getPort() + "/hook";
  }

  /** A resolver that gives another answer each time. */
  private static OkHttpClient resolving(String... answers) {
    AtomicInteger next = new AtomicInteger();
    return new OkHttpClient.Builder()
        .dns(host -> addresses(answers[next.getAndIncrement()]))
        .build();
  }

  private static List<InetAddress> addresses(String answer) throws UnknownHostException {
    List<InetAddress> addresses = new CopyOnWriteArrayList<>();
    for (String address : answer.split(" ", -1)) {
      addresses.add(InetAddress.getByName(address));
    }
    return addresses;
  }

  private static AttemptResult send(OkHttpClient client, EndpointPolicy policy, String url) {
    try (HttpTransport transport = HttpTransport.builder(policy).client(client).build()) {
      return new Sending(transport).to(url);
    }
  }

  @Test
  void send_toANameOfALocalAddress_isRefusedWithoutNamingIt() {
    AttemptResult result = send(resolving(HIDDEN), POLICY, url("hooks.example.com"));

    assertThat(result.succeeded()).isFalse();
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).startsWith(REFUSED).contains("hooks.example.com");
    assertThat(result.error() + result.trace()).doesNotContain(HIDDEN);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void send_toANameThatChangesBetweenLookups_isRefusedWhenItTurns() {
    try (HttpTransport transport = HttpTransport.builder(POLICY)
        .client(resolving(SHOWN, HIDDEN, SHOWN, "169.254.169.254"))
        .build()) {
      Sending sending = new Sending(transport);

      assertThat(sending.to(url("hooks.example.com")).succeeded()).isTrue();
      assertThat(sending.to(url("hooks.example.com")).error()).startsWith(REFUSED);
      assertThat(sending.to(url("hooks.example.com")).succeeded()).isTrue();
      assertThat(sending.to(url("hooks.example.com")).error()).startsWith(REFUSED);
    }
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void send_toANameOfSeveralAddresses_takesAnAllowedOneOnly() {
    AttemptResult result =
        send(resolving(HIDDEN + " ::1 10.0.0.1 " + SHOWN), POLICY, url("hooks.example.com"));

    assertThat(result.succeeded()).isTrue();
  }

  @Test
  void send_toANameOfSeveralAddressesNoneAllowed_isRefused() {
    AttemptResult result =
        send(resolving(HIDDEN + " ::1 10.0.0.1"), POLICY, url("hooks.example.com"));

    assertThat(result.error()).startsWith(REFUSED);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void send_toAnAddressInTheUrl_isCheckedAsOneThatWasLookedUp() {
    List<String> asked = new CopyOnWriteArrayList<>();
    EndpointPolicy carelessAboutUrls = new EndpointPolicy() {
      @Override
      public List<String> faults(String url) {
        return List.of();
      }

      @Override
      public boolean allows(String host, InetAddress address) {
        asked.add(host + " " + address.getHostAddress());
        return false;
      }
    };

    for (String host : List.of(HIDDEN, "[::1]", "[::ffff:127.0.0.1]")) {
      assertThat(send(new OkHttpClient(), carelessAboutUrls, url(host)).error())
          .startsWith(REFUSED);
    }

    assertThat(asked)
        .containsExactly(
            "127.0.0.1 127.0.0.1", "0:0:0:0:0:0:0:1 0:0:0:0:0:0:0:1", "127.0.0.1 127.0.0.1");
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void send_toAName_asksThePolicyWithIt() {
    List<String> asked = new CopyOnWriteArrayList<>();
    EndpointPolicy policy = new EndpointPolicy() {
      @Override
      public List<String> faults(String url) {
        return List.of();
      }

      @Override
      public boolean allows(String host, InetAddress address) {
        asked.add(host + " " + address.getHostAddress());
        return true;
      }
    };

    assertThat(send(resolving(SHOWN), policy, url("Hooks.Example.com")).succeeded())
        .isTrue();

    assertThat(asked).containsExactly("hooks.example.com " + SHOWN);
  }

  @Test
  void send_throughAClientWithAProxy_goesNowhereNearIt() throws IOException {
    try (MockWebServer proxyServer = new MockWebServer()) {
      proxyServer.start();
      SocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyServer.getPort());
      for (Proxy.Type type : List.of(Proxy.Type.HTTP, Proxy.Type.SOCKS)) {
        Proxy proxy = new Proxy(type, address);
        OkHttpClient fixed = resolving(SHOWN, HIDDEN).newBuilder().proxy(proxy).build();
        OkHttpClient selecting = resolving(SHOWN, HIDDEN)
            .newBuilder()
            .proxySelector(new ProxySelector() {
              @Override
              public List<Proxy> select(URI uri) {
                return List.of(proxy);
              }

              @Override
              public void connectFailed(URI uri, SocketAddress to, IOException cause) {
                throw new AssertionError("a proxy was used");
              }
            })
            .build();
        for (OkHttpClient client : List.of(fixed, selecting)) {
          try (HttpTransport transport =
              HttpTransport.builder(POLICY).client(client).build()) {
            Sending sending = new Sending(transport);
            assertThat(sending.to(url("hooks.example.com")).succeeded()).isTrue();
            assertThat(sending.to(url("hooks.example.com")).error()).startsWith(REFUSED);
          }
        }
      }
      assertThat(proxyServer.getRequestCount()).isZero();
    }
  }

  @Test
  void send_throughAClientWithAPooledConnection_doesNotUseIt() throws IOException {
    OkHttpClient client = resolving(HIDDEN, HIDDEN);
    server.close();
    try (MockWebServer open = new MockWebServer()) {
      open.start();
      open.enqueue(new MockResponse.Builder().build());
      open.enqueue(new MockResponse.Builder().build());
      String url = "http://hooks.example.com:" + open.getPort() + "/hook";
      client.newCall(new okhttp3.Request.Builder().url(url).build()).execute().close();

      assertThat(send(client, POLICY, url).error()).startsWith(REFUSED);
      assertThat(open.getRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void send_toANameThatDoesNotExist_saysSo() {
    OkHttpClient client = new OkHttpClient.Builder()
        .dns(host -> {
          throw new UnknownHostException("no such name");
        })
        .build();

    AttemptResult result = send(client, POLICY, url("hooks.example.com"));

    assertThat(result.error()).isEqualTo("unknown host: hooks.example.com");
    assertThat(result.trace()).contains("UnknownHostException");
  }
}
