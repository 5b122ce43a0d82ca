package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ServerSocketFactory;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attempt tells of its answer's headers, and of the address that it was connected to. */
class AttemptDetailsTest {
  private static final String HEAD = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n";

  private final TlsServers tls = new TlsServers();

  private static AttemptResult send(OkHttpClient client, String url) {
    try (HttpTransport transport =
        HttpTransport.builder(EndpointPolicy.forDevelopment()).client(client).build()) {
      return new Sending(transport).impatientlyTo(url);
    }
  }

  private static AttemptResult answered(String head) {
    try (RawServer server = RawServer.saying(head + "\r\n")) {
      return send(new OkHttpClient(), server.url());
    }
  }

  private static RawServer silent() {
    return RawServer.talking(
        ServerSocketFactory.getDefault(),
        (socket, in, out) -> in.transferTo(OutputStream.nullOutputStream()));
  }

  private static void assertConnected(AttemptResult result, int port) {
    assertThat(result.connectedTo()).isIn("127.0.0.1:" + port, "[0:0:0:0:0:0:0:1]:" + port);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 503})
  void headers_ofAnAnswer_areKept(int status) {
    AttemptResult result = answered("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n"
        + "Server: nginx\r\nVia: a\r\nX-Request-Id: 7\r\nVia: b\r\n"
        + "WWW-Authenticate: Basic realm=\"hooks\"\r\n");

    assertThat(result.status()).hasValue(status);
    assertThat(result.responseHeaders().lines())
        .containsExactlyInAnyOrder(
            "content-length: 0",
            "server: nginx",
            "via: a",
            "via: b",
            "x-request-id: 7",
            "www-authenticate: Basic realm=\"hooks\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set-Cookie",
        "set-cookie2",
        "Cookie",
        "Authorization",
        "Proxy-Authorization",
        "Authentication-Info",
        "X-Signature",
        "X-Api-Key",
        "X-CSRF-Token",
        "X-Session-Id"
      })
  void headers_whoseValueLetsSomebodyIn_areKeptWithoutIt(String name) {
    AttemptResult result = answered(HEAD + name + ": hunter2; Path=/\r\n" + name + ":\r\n");

    assertThat(result.responseHeaders())
        .contains(name.toLowerCase(Locale.ROOT) + ": ***")
        .doesNotContain("hunter2");
  }

  @Test
  void headers_tooMany_areCut() {
    StringBuilder head = new StringBuilder(HEAD);
    for (int i = 0; i < 200; i++) {
      head.append("X-").append(i).append(": 1\r\n");
    }

    assertThat(answered(head.toString()).responseHeaders().lines())
        .hasSize(AttemptResult.MAX_RESPONSE_HEADERS);
  }

  @Test
  void headers_tooLong_areCut() {
    AttemptResult result = answered(HEAD + "X-Long: " + "x".repeat(100_000) + "\r\n");

    assertThat(result.responseHeaders())
        .hasSize(AttemptResult.MAX_RESPONSE_HEADERS_LENGTH)
        .endsWith("xxx");
  }

  @Test
  void headers_withControlCharacters_areKeptInOneLineEach() {
    AttemptResult result = AttemptResult.answered(200, new byte[0])
        .withResponseHeaders(Map.of("x", List.of("a\r\nset-cookie: b\u001b[2J\u202e\u0000")));

    assertThat(result.responseHeaders())
        .isEqualTo("x: a\ufffd\ufffdset-cookie: b\ufffd[2J\ufffd\ufffd");
  }

  @Test
  void address_ofAnAnswer_isKept() {
    try (RawServer server = RawServer.saying(HEAD + "\r\n")) {
      assertConnected(send(new OkHttpClient(), server.url()), server.port());
    }
  }

  @Test
  void address_ofAnAttemptThatTimedOutOnItsConnection_isKept() {
    try (RawServer server = silent()) {
      AttemptResult result = send(new OkHttpClient(), server.url());

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertThat(result.responseHeaders()).isEmpty();
      assertConnected(result, server.port());
    }
  }

  @Test
  void address_ofAnAttemptThatFailedInTls_isKept() {
    try (RawServer server = new RawServer(tls.expired(), (socket, out) -> {})) {
      AttemptResult result = send(tls.trusting(), server.url("https"));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TLS_FAILED);
      assertConnected(result, server.port());
    }
  }

  @Test
  void address_ofAnAttemptThatTimedOutInTls_isKept() {
    try (RawServer server = silent()) {
      AttemptResult result = send(tls.trusting(), server.url("https"));

      assertThat(result.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
      assertConnected(result, server.port());
    }
  }

  @Test
  void address_ofAnAttemptThatWasRefused_isNone() {
    RawServer server = RawServer.saying("");
    server.close();

    AttemptResult result = send(new OkHttpClient(), server.url());

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
    assertThat(result.connectedTo()).isEmpty();
    assertThat(result.responseHeaders()).isEmpty();
  }

  @Test
  void address_whereTheFirstOfSeveralRefuses_isTheOneThatAnswered() throws UnknownHostException {
    List<InetAddress> addresses =
        List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1"));
    OkHttpClient client = new OkHttpClient.Builder().dns(host -> addresses).build();
    try (RawServer server = RawServer.saying(HEAD + "\r\n")) {
      AttemptResult result = send(client, "http://hooks.test:" + server.port() + "/");

      assertThat(result.status()).hasValue(503);
      assertThat(result.connectedTo()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 443, 192.0.2.1:443", "2001:db8::1, 8443, [2001:db8:0:0:0:0:0:1]:8443"})
  void address_ofEachKind_isToldWithItsPort(String address, int port, String told)
      throws UnknownHostException {
    AttemptResult result = AttemptResult.acknowledged()
        .withConnectedTo(new InetSocketAddress(InetAddress.getByName(address), port));

    assertThat(result.connectedTo()).isEqualTo(told);
  }

  @Test
  void address_thatIsNotResolved_isToldByItsName() {
    InetSocketAddress address = InetSocketAddress.createUnresolved("hooks.example.com", 443);

    assertThat(AttemptResult.acknowledged().withConnectedTo(address).connectedTo())
        .isEqualTo("hooks.example.com:443");
  }
}
