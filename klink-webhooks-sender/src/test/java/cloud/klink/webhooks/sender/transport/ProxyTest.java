package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.websocket.WebSocketTransport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Endpoints on the internet, behind a proxy that is the only one who knows them. */
class ProxyTest {
  private static final EndpointPolicy POLICY = EndpointPolicy.publicHttp();
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  private static final String HTTPS = "https://other.example.com/hook?a=1";
  private static final String HTTP = "http://other.example.com/hook?a=1";
  private static final String PASSWORD = "hunter2";
  private static final String BASIC = Credentials.basic("me", PASSWORD);

  private final TlsServers tls = new TlsServers();
  private final List<String> lookedUp = new CopyOnWriteArrayList<>();

  private OkHttpClient client() {
    return tls.trusting()
        .newBuilder()
        .dns(host -> {
          lookedUp.add(host);
          if (host.equals("proxy.example.com")) {
            return List.of(InetAddress.getLoopbackAddress());
          }
          throw new UnknownHostException(host);
        })
        .build();
  }

  private AttemptResult send(EndpointPolicy policy, HttpProxy proxy, OutgoingRequest request) {
    try (HttpTransport transport =
        HttpTransport.builder(policy).client(client()).proxy(proxy).build()) {
      return new Sending(transport).send(request);
    }
  }

  private AttemptResult send(HttpProxy proxy, String url) {
    return send(POLICY, proxy, Sending.request(url, Sending.LONG));
  }

  private static RawServer answering(ServerSocketFactory factory) {
    return new RawServer(factory, (socket, out) -> RawServer.say(out, OK));
  }

  private static List<String> lines(List<List<String>> heads) {
    return heads.stream().flatMap(List::stream).toList();
  }

  private static void assertUnreachable(AttemptResult result, HttpProxy proxy) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(AttemptOutcome.UNREACHABLE);
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).contains("the proxy " + proxy);
    assertThat(result.error() + result.trace()).doesNotContain(PASSWORD).doesNotContain(BASIC);
  }

  @Test
  void send_toHttps_goesThroughATunnelThatLooksNothingUp() {
    try (RawServer endpoint = answering(tls.ofAnotherHost());
        ProxyServer proxy = ProxyServer.to(endpoint.port())) {
      AttemptResult result = send(proxy.proxy(), HTTPS);

      assertThat(result.succeeded()).as(result.toString()).isTrue();
      assertThat(result.connectedTo()).endsWith(":" + proxy.port());
      assertThat(proxy.heads()).hasSize(1);
      assertThat(proxy.heads().get(0)).first().isEqualTo("CONNECT other.example.com:443 HTTP/1.1");
      assertThat(lines(proxy.heads())).noneMatch(line -> line.contains(Sending.SIGNATURE));
      assertThat(endpoint.heads().get(0)).first().isEqualTo("POST /hook?a=1 HTTP/1.1");
      assertThat(lines(endpoint.heads())).noneMatch(line -> line.startsWith("Proxy-"));
      assertThat(lookedUp).isEmpty();
    }
  }

  @Test
  void send_toHttpsWithACertificateForAnother_isRefusedThroughTheTunnelToo() {
    try (RawServer endpoint = answering(tls.ofAnotherHost());
        ProxyServer proxy = ProxyServer.to(endpoint.port())) {
      AttemptResult result = send(proxy.proxy(), "https://hooks.example.com/hook");

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TLS_FAILED);
      assertThat(result.error()).isEqualTo("TLS: the certificate is not for hooks.example.com");
      assertThat(lines(endpoint.heads())).isEmpty();
    }
  }

  @Test
  void send_toHttp_namesTheWholeUrl() {
    try (RawServer endpoint = answering(ServerSocketFactory.getDefault());
        ProxyServer proxy = ProxyServer.to(endpoint.port())) {
      AttemptResult result = send(proxy.proxy(), HTTP);

      assertThat(result.succeeded()).as(result.toString()).isTrue();
      assertThat(proxy.heads().get(0))
          .contains("POST " + HTTP + " HTTP/1.1", "Host: other.example.com");
      assertThat(endpoint.heads()).hasSize(1);
      assertThat(lookedUp).isEmpty();
    }
  }

  @Test
  void send_withCredentials_givesThemToTheProxyOnly() {
    try (RawServer secured = answering(tls.ofAnotherHost());
        RawServer plain = answering(ServerSocketFactory.getDefault());
        ProxyServer toSecured = ProxyServer.to(secured.port(), BASIC);
        ProxyServer toPlain = ProxyServer.to(plain.port(), BASIC)) {
      assertThat(send(toSecured.proxy().withCredentials("me", PASSWORD), HTTPS).succeeded())
          .isTrue();
      assertThat(send(toPlain.proxy().withCredentials("me", PASSWORD), HTTP).succeeded())
          .isTrue();

      assertThat(lines(secured.heads())).isNotEmpty().noneMatch(line -> line.contains("Proxy-"));
      assertThat(lines(plain.heads())).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HTTPS, HTTP})
  void send_withoutOrWithWrongCredentials_reachesNobodyAndAsksOnce(String url) {
    try (RawServer endpoint = answering(ServerSocketFactory.getDefault());
        ProxyServer proxy = ProxyServer.to(endpoint.port(), BASIC)) {
      for (HttpProxy other :
          List.of(proxy.proxy(), proxy.proxy().withCredentials("you", PASSWORD))) {
        AttemptResult result = send(other, url);

        assertUnreachable(result, other);
        assertThat(result.error()).contains("asks for other credentials").contains("407");
      }
      assertThat(proxy.heads()).hasSize(2);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @Test
  void send_toAnEndpointThatAsksForTheProxysCredentials_isNotGivenThem() {
    RawServer.Answer asking = (socket, out) -> RawServer.say(
        out,
        String.join(
            "\r\n",
            "HTTP/1.1 407 Give me",
            "Proxy-Authenticate: Basic realm=\"p\"",
            "Content-Length: 0",
            "",
            ""));
    try (RawServer endpoint = new RawServer(tls.ofAnotherHost(), asking);
        ProxyServer proxy = ProxyServer.to(endpoint.port(), BASIC)) {
      AttemptResult result = send(proxy.proxy().withCredentials("me", PASSWORD), HTTPS);

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.REJECTED);
      assertThat(result.status()).hasValue(407);
      assertThat(endpoint.heads()).hasSize(1);
      assertThat(lines(endpoint.heads())).noneMatch(line -> line.startsWith("Proxy-"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-proxy\r\n\r\n",
        ""
      })
  void send_throughAProxyThatOpensNoTunnel_isUnreachable(String answer) {
    try (ProxyServer proxy = ProxyServer.answering(answer)) {
      assertUnreachable(send(proxy.proxy(), HTTPS), proxy.proxy());
      assertThat(proxy.heads()).hasSize(1);
    }
  }

  @Test
  void send_throughAProxyThatIsNotThere_isUnreachable() {
    ProxyServer gone = ProxyServer.answering("");
    gone.close();
    HttpProxy unknown = HttpProxy.of("nowhere.example.com", 3_128);

    for (String url : List.of(HTTPS, HTTP)) {
      assertUnreachable(send(gone.proxy(), url), gone.proxy());
      assertUnreachable(send(unknown, url), unknown);
    }
    assertThat(lookedUp).containsOnly("nowhere.example.com");
  }

  @Test
  void send_throughAProxyThatSaysNothing_isUnreachableInTime() {
    try (RawServer silent = new RawServer((socket, out) -> {})) {
      HttpProxy proxy = HttpProxy.of("127.0.0.1", silent.port());

      assertUnreachable(send(POLICY, proxy, Sending.request(HTTPS, Sending.SHORT)), proxy);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "localhost"
      })
  void send_toAPrivateHostInTheUrl_isRefusedBeforeTheProxyHears(String host) {
    EndpointPolicy carelessAboutUrls = new EndpointPolicy() {
      @Override
      public List<String> faults(String url) {
        return List.of();
      }

      @Override
      public boolean allows(String host, InetAddress address) {
        return POLICY.allows(host, address);
      }
    };
    try (ProxyServer proxy = ProxyServer.answering("")) {
      for (String scheme : List.of("https://", "http://")) {
        AttemptResult result = send(proxy.proxy(), scheme + host + "/hook");
        assertThat(result.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
        if (!host.equals("localhost")) { // a name, which only the URL's rules know
          AttemptResult byAddress = send(
              carelessAboutUrls,
              proxy.proxy(),
              Sending.request(scheme + host + "/hook", Sending.LONG));
          assertThat(byAddress.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
        }
      }
      assertThat(proxy.connections()).isZero();
      assertThat(lookedUp).isEmpty();
    }
  }

  @Test
  void send_throughAProxyWithAName_connectsToNothingElse() {
    try (RawServer endpoint = answering(ServerSocketFactory.getDefault());
        RawServer elsewhere = answering(ServerSocketFactory.getDefault());
        ProxyServer proxy = ProxyServer.to(endpoint.port())) {
      HttpProxy named = HttpProxy.of("proxy.example.com", proxy.port());
      EndpointPolicy policy = EndpointPolicy.forDevelopment();

      AttemptResult result = send(policy, named, Sending.request(elsewhere.url(), Sending.LONG));

      assertThat(result.succeeded()).as(result.toString()).isTrue();
      assertThat(proxy.connections()).isEqualTo(1);
      assertThat(elsewhere.connections()).isZero();
      assertThat(lookedUp).containsExactly("proxy.example.com");
    }
  }

  @Test
  void send_onAWebSocket_goesThroughTheTunnelToo() throws Exception {
    try (MockWebServer endpoint = new MockWebServer();
        ProxyServer proxy = ProxyServer.to(started(endpoint).getPort(), BASIC);
        WebSocketTransport transport = WebSocketTransport.builder(POLICY)
            .client(client())
            .proxy(proxy.proxy().withCredentials("me", PASSWORD))
            .build()) {
      assertThat(onAWebSocket(transport, "wss://other.example.com/ws").succeeded())
          .isTrue();

      assertThat(lines(proxy.heads())).startsWith("CONNECT other.example.com:443 HTTP/1.1");
      assertThat(endpoint.takeRequest().getHeaders().get("Proxy-Authorization")).isNull();
      assertThat(lookedUp).isEmpty();
      assertThat(onAWebSocket(transport, "wss://10.0.0.1/ws").outcome())
          .isEqualTo(AttemptOutcome.NOT_ALLOWED);
      assertThat(proxy.heads()).hasSize(1);
      assertThat(transport.caveats()).hasSize(3);
    }
  }

  @Test
  void send_onAWebSocketThroughAProxyThatRefuses_isUnreachable() throws Exception {
    try (ProxyServer proxy = ProxyServer.to(1, BASIC);
        WebSocketTransport transport = WebSocketTransport.builder(POLICY)
            .client(client())
            .proxy(proxy.proxy())
            .build()) {
      assertUnreachable(onAWebSocket(transport, "wss://other.example.com/ws"), proxy.proxy());
    }
  }

  private MockWebServer started(MockWebServer server) throws Exception {
    server.useHttps(tls.certificatesOfAnotherHost().sslSocketFactory());
    server.enqueue(new MockResponse.Builder()
        .webSocketUpgrade(new WebSocketListener() {
          @Override
          public void onMessage(WebSocket webSocket, String text) {
            webSocket.send("{\"ack\": \"dlv_1\"}");
          }

          @Override
          public void onClosing(WebSocket webSocket, int code, String reason) {
            webSocket.close(1_000, null);
          }
        })
        .build());
    server.start();
    return server;
  }

  private static AttemptResult onAWebSocket(WebSocketTransport transport, String url)
      throws Exception {
    CompletableFuture<AttemptResult> done = new CompletableFuture<>();
    transport.send(Sending.request(url, Sending.LONG), done::complete);
    return done.get(60, TimeUnit.SECONDS);
  }

  @Test
  void build_ofASenderWithAProxy_warnsOfWhatIsLostAndTellsNoCredentials() {
    HttpProxy proxy = HttpProxy.of("proxy.example.com", 3_128).withCredentials("me", PASSWORD);
    try (CapturedLog log = CapturedLog.from(Level.TRACE);
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .proxy("proxy.example.com", 3_128, "me", PASSWORD)
            .build()) {
      sender.start();

      assertThat(proxy).hasToString("proxy.example.com:3128");
      assertThat(proxy.caveats()).hasSize(3).allMatch(line -> line.startsWith("proxy " + proxy));
      assertThat(sender.describe()).contains(proxy.caveats());
      assertThat(proxy.caveats())
          .allSatisfy(caveat -> assertThat(log.lines())
              .anyMatch(line -> line.level() == Level.WARN && line.text().contains(caveat)));
      assertThat(sender.describe() + log.lines() + proxy)
          .doesNotContain(PASSWORD)
          .doesNotContain(BASIC.substring("Basic ".length()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "http://proxy", "proxy:3128", "me@proxy", "proxy/", "a b", "127.1", "[::1"})
  void of_aHostThatIsNone_isRefused(String host) {
    assertThatThrownBy(() -> HttpProxy.of(host, 3_128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("proxy: ");
  }
}
