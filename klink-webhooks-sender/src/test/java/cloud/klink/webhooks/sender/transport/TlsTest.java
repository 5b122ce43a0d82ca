package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over TLS, and by HTTP/2. */
class TlsTest {
  private final MockWebServer server = new MockWebServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private final HeldCertificate issuer =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  private HeldCertificate.Builder certificate() {
    return new HeldCertificate.Builder().signedBy(issuer).addSubjectAlternativeName("localhost");
  }

  private OkHttpClient serving(HeldCertificate certificate) throws IOException {
    server.useHttps(new HandshakeCertificates.Builder()
        .heldCertificate(certificate, issuer.certificate())
        .build()
        .sslSocketFactory());
    server.start();
    HandshakeCertificates trusting = new HandshakeCertificates.Builder()
        .addTrustedCertificate(issuer.certificate())
        .build();
    return new OkHttpClient.Builder()
        .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
        .build();
  }

  private AttemptResult send(OkHttpClient client) {
    try (HttpTransport transport =
        HttpTransport.builder(EndpointPolicy.forDevelopment()).client(client).build()) {
      return new Sending(transport)
          .to("https://localhost:" + server.getPort() + "/hook//a%2Fb;c?q=%20x+y&&z");
    }
  }

  @Test
  void send_toATrustedEndpoint_goesByHttp2WithTheSameTarget()
      throws IOException, InterruptedException {
    OkHttpClient client = serving(certificate().build());
    server.enqueue(new MockResponse.Builder()
        .code(202)
        .addHeader("X-Region", "eu")
        .body("ok")
        .build());

    AttemptResult result = send(client);

    assertThat(result.succeeded()).isTrue();
    assertThat(result.response()).isEqualTo("ok");
    assertThat(result.responseHeaders().lines()).contains("x-region: eu");
    assertThat(result.connectedTo()).endsWith(":" + server.getPort());
    RecordedRequest request = server.takeRequest();
    assertThat(request.getVersion()).isEqualTo("HTTP/2");
    assertThat(request.getTarget()).isEqualTo("/hook//a%2Fb;c?q=%20x+y&&z");
    assertThat(Objects.requireNonNull(request.getBody()).utf8()).contains("text");
  }

  @Test
  void send_answeredAtLengthByHttp2_keepsTheBeginning() throws IOException {
    OkHttpClient client = serving(certificate().build());
    server.enqueue(
        new MockResponse.Builder().code(500).body("x".repeat(1_000_000)).build());

    AttemptResult result = send(client);

    assertThat(result.status()).hasValue(500);
    assertThat(result.response()).hasSize(4_096);
    assertThat(result.error()).isEmpty();
  }

  @Test
  void send_answeredWithHugeHeadersByHttp2_givesUp() throws IOException {
    OkHttpClient client = serving(certificate().build());
    MockResponse.Builder answer = new MockResponse.Builder();
    for (int i = 0; i < 2_000; i++) {
      answer.addHeader("X-Header-" + i, "x".repeat(1_000));
    }
    server.enqueue(answer.build());

    AttemptResult result = send(client);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.status()).isEmpty();
    assertThat(result.error()).isNotEmpty();
  }

  @Test
  void send_toAnExpiredCertificate_saysSo() throws IOException {
    long now = Instant.now().toEpochMilli();
    long day = Duration.ofDays(1).toMillis();
    OkHttpClient client =
        serving(certificate().validityInterval(now - 2 * day, now - day).build());

    assertThat(send(client).error()).isEqualTo("TLS: the certificate has expired");
  }

  @Test
  void send_toACertificateOfTomorrow_saysSo() throws IOException {
    long now = Instant.now().toEpochMilli();
    long day = Duration.ofDays(1).toMillis();
    OkHttpClient client =
        serving(certificate().validityInterval(now + day, now + 2 * day).build());

    assertThat(send(client).error()).isEqualTo("TLS: the certificate is not valid yet");
  }

  @Test
  void send_toAnUnknownIssuer_saysSo() throws IOException {
    serving(certificate().build());

    AttemptResult result = send(new OkHttpClient());

    assertThat(result.succeeded()).isFalse();
    assertThat(result.error()).startsWith("TLS: the certificate is not trusted");
    assertThat(result.trace()).contains("SSLHandshakeException");
  }

  @Test
  void send_toACertificateOfAnotherHost_saysSo() throws IOException {
    OkHttpClient client = serving(new HeldCertificate.Builder()
        .signedBy(issuer)
        .addSubjectAlternativeName("other.example.com")
        .build());

    assertThat(send(client).error()).isEqualTo("TLS: the certificate is not for localhost");
  }

  @Test
  void send_toAPortWithoutTls_saysSo() throws IOException {
    assertThat(sendToPlain("HTTP/1.1 400 Bad Request\r\n\r\n").error())
        .isEqualTo("TLS: the endpoint does not speak TLS on this port");
  }

  @Test
  void send_toAPortThatHangsUpOnTls_saysSo() throws IOException {
    assertThat(sendToPlain("").error()).startsWith("TLS: the endpoint broke off the handshake");
  }

  @ParameterizedTest
  @CsvSource({
    "40, TLS: the endpoint sent the alert handshake_failure",
    "70, TLS: the endpoint sent the alert protocol_version",
    "112, TLS: the endpoint sent the alert unrecognized_name",
    "10, TLS: the endpoint sent the alert unexpected_message",
  })
  void send_answeredWithAnAlert_tellsWhich(int alert, String error) throws IOException {
    AttemptResult result = sendToPlain("\025\003\003\000\002\002" + (char) alert);

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.TLS_FAILED);
    assertThat(result.error()).isEqualTo(error);
  }

  /** Numbers that no version of TLS has. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 27, 200, 255})
  void send_answeredWithAnUnknownAlert_saysSoInPlainText(int alert) throws IOException {
    AttemptResult result = sendToPlain("\025\003\003\000\002\002" + (char) alert);

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.TLS_FAILED);
    assertThat(result.error()).isEqualTo("TLS: the endpoint sent an unknown alert");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void send_toAnEndpointThatWantsAClientCertificate_tellsTheAlert(String version)
      throws IOException {
    HandshakeCertificates trusting = new HandshakeCertificates.Builder()
        .addTrustedCertificate(issuer.certificate())
        .build();
    HandshakeCertificates serving = new HandshakeCertificates.Builder()
        .heldCertificate(certificate().build(), issuer.certificate())
        .addTrustedCertificate(issuer.certificate())
        .build();
    server.useHttps(serving.sslSocketFactory());
    server.requireClientAuth();
    server.start();
    OkHttpClient client = new OkHttpClient.Builder()
        .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
        .connectionSpecs(List.of(new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
            .tlsVersions(version)
            .build()))
        .build();

    // When the alert comes, beside which read or write, differs from one time to the next.
    for (int i = 0; i < 200; i++) {
      AttemptResult result = send(client);

      assertThat(result.succeeded()).isFalse();
      assertThat(result.error())
          .matches("TLS: the endpoint sent the alert [a-z_]+|connection reset by the endpoint");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void send_whenAUsedConnectionEndsByAnAlert_isRepeatedOnce(Protocol protocol) throws IOException {
    server.setProtocols(Stream.of(protocol, Protocol.HTTP_1_1).distinct().toList());
    server.setDispatcher(always(new MockResponse.Builder().build()));
    OkHttpClient client = serving(certificate().build());
    try (DamagingRelay relay = new DamagingRelay(server.getPort());
        HttpTransport transport = HttpTransport.builder(EndpointPolicy.forDevelopment())
            .client(client)
            .build()) {
      String url = "https://localhost:" + relay.port() + "/";
      Sending sending = new Sending(transport);
      for (int i = 0; i < 20; i++) {
        assertThat(sending.to(url).sentAgain()).isFalse();
        assertThat(sending.to(url).sentAgain()).isFalse();
        relay.damageNext();

        AttemptResult result = sending.to(url);

        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isTrue();
      }
    }
    assertThat(server.getRequestCount()).isEqualTo(60);
  }

  private static Dispatcher always(MockResponse response) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return response;
      }
    };
  }

  /** To a server that says something as soon as it is spoken to, whatever it was told. */
  private static AttemptResult sendToPlain(String answer) throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpTransport transport =
            HttpTransport.builder(EndpointPolicy.forDevelopment()).build()) {
      Thread thread = new Thread(() -> {
        try (Socket socket = plain.accept()) {
          if (socket.getInputStream().read() >= 0) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
          }
        } catch (IOException e) {
          // The client has gone, which is all that is wanted.
        }
      });
      thread.setDaemon(true);
      thread.start();
      return new Sending(transport).to("https://localhost:" + plain.getLocalPort() + "/");
    }
  }
}
