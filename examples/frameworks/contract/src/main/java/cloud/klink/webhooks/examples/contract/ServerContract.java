package cloud.klink.webhooks.examples.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a server that receives webhooks does, through real HTTP with real signed requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServerContract {
  /** What requests are sent to; a server takes it for its own URL. */
  protected static final String PUBLIC_URL =
      "https://example.com/webhooks/klink?env=production&name=a%20b";

  private static final SigningSecret SECRET = SigningSecret.of("whsec_only_for_these_tests");
  private static final int LIMIT = 1_048_576;
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5))
      .build();

  private final Queue<String> handled = new ConcurrentLinkedQueue<>();
  private RunningServer server;

  /**
   * Starts a server that receives POSTs at {@code /webhooks/klink}, de-duplicates, and hands the ID
   * of each event to the handler.
   *
   * @param secret what requests are signed with, for {@link #PUBLIC_URL}
   * @param acknowledgeFirst whether it answers 202 before the handler runs
   * @param handler its time is that of the handler of the server's receiver
   * @param folder for the server's files
   */
  protected abstract RunningServer start(
      SigningSecret secret, boolean acknowledgeFirst, Consumer<String> handler, Path folder)
      throws Exception;

  @BeforeAll
  void startServer(@TempDir Path folder) throws Exception {
    server = start(SECRET, false, handled::add, folder);
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Test
  void request_signed_isHandled() throws Exception {
    assertThat(post(signed(event("good", "1"))).statusCode()).isEqualTo(200);
    assertThat(handled).contains("good");
  }

  @Test
  void request_tampered_isRefused() throws Exception {
    SignedRequest request = signed(event("tampered", "1"));

    assertRefused(
        post(server.port(), request.target(), event("tampered", "2"), request.headers()),
        401,
        "signature_mismatch");
  }

  @Test
  void request_signedWithAnotherSecret_isRefused() throws Exception {
    SignedRequest request = SignedRequest.to(PUBLIC_URL)
        .signedWith(SigningSecret.of("whsec_of_somebody_else"))
        .body(event("wrong-secret", "1"));

    assertRefused(post(request), 401, "signature_mismatch");
  }

  @Test
  void request_unsigned_isRefused() throws Exception {
    String target = signed(event("unsigned", "1")).target();

    assertRefused(
        post(server.port(), target, event("unsigned", "1"), Map.of()), 401, "missing_signature");
  }

  @Test
  void request_repeated_isAcknowledgedAndHandledOnce() throws Exception {
    SignedRequest request = signed(event("twice", "1"));
    post(request);

    HttpResponse<String> second = post(request);

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.headers().firstValue("X-Klink-Duplicate")).contains("true");
    assertThat(handled).containsOnlyOnce("twice");
  }

  @Test
  void body_nearlyAsLongAsTheLimit_isHandled() throws Exception {
    String body = event("long", "\"" + "x".repeat(LIMIT - 1_000) + "\"");

    assertThat(post(signed(body)).statusCode()).isEqualTo(200);
    assertThat(handled).contains("long");
  }

  @Test
  void body_overTheLimit_isRefusedAndReadToItsEnd() throws Exception {
    String body = event("too-long", "\"" + "x".repeat(LIMIT) + "\"");

    // A server that closes with the rest unread resets the connection, and writing fails.
    assertThat(statusLineAfterSendingAll(signed(body))).startsWith("HTTP/1.1 413 ");
    assertThat(handled).doesNotContain("too-long");
  }

  @Test
  void body_withOtherWhiteSpace_isHandled() throws Exception {
    SignedRequest request = signed(event("spaced", "1"));
    String spaced = request.text().replace(",", " ,\n ");

    HttpResponse<String> answer = post(server.port(), request.target(), spaced, request.headers());

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void body_whoseNumberWasPrintedAgain_isRefused() throws Exception {
    SignedRequest request = signed(event("printed-again", "1.0"));

    assertRefused(
        post(server.port(), request.target(), event("printed-again", "1"), request.headers()),
        401,
        "signature_mismatch");
  }

  @Test
  void request_whoseBodyDoesNotCome_keepsNoOtherFromBeingHandled() throws Exception {
    SignedRequest request = signed(event("beside-an-open-one", "1"));
    try (Socket open = new Socket("localhost", server.port())) {
      OutputStream out = open.getOutputStream();
      out.write((head(request) + request.text().charAt(0)).getBytes(StandardCharsets.UTF_8));
      out.flush();

      assertThat(post(request).statusCode()).isEqualTo(200);
    }
    assertThat(handled).containsOnlyOnce("beside-an-open-one");
  }

  @Test
  void query_changed_isRefused() throws Exception {
    SignedRequest request = signed(event("lost-query", "1"));

    assertRefused(
        post(server.port(), "/webhooks/klink?env=production", request.text(), request.headers()),
        400,
        "wrong_query");
  }

  @Test
  void close_withAnAcknowledgedEvent_takesNoMoreAndHandlesIt(@TempDir Path folder)
      throws Exception {
    CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    Queue<String> ended = new ConcurrentLinkedQueue<>();
    RunningServer stopping = start(
        SECRET,
        true,
        id -> {
          mayEnd.join();
          ended.add(id);
        },
        folder);
    SignedRequest request = signed(event("acknowledged", "1"));
    assertThat(post(stopping.port(), request.target(), request.text(), request.headers())
            .statusCode())
        .isEqualTo(202);

    CompletableFuture<Void> closed = CompletableFuture.runAsync(stopping::close);
    // The connection that was kept alive is closed, and no other is accepted.
    Awaitility.await()
        .untilAsserted(() -> assertThatThrownBy(
                () -> post(stopping.port(), request.target(), request.text(), request.headers()))
            .isInstanceOf(IOException.class));
    assertThat(ended).isEmpty();
    mayEnd.complete(null);

    closed.get(20, TimeUnit.SECONDS);
    assertThat(ended).containsExactly("acknowledged");
  }

  private static String event(String id, String value) {
    return """
        {"event":"message.inbound","id":"%s","timestamp":"2026-01-09T03:42:38.000000Z",\
        "data":{"value":%s}}""".formatted(id, value);
  }

  private static SignedRequest signed(String body) {
    return SignedRequest.to(PUBLIC_URL).signedWith(SECRET).body(body);
  }

  private HttpResponse<String> post(SignedRequest request) throws Exception {
    return post(server.port(), request.target(), request.text(), request.headers());
  }

  private static HttpResponse<String> post(
      int port, String target, String body, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://localhost:" + port + target))
        .timeout(Duration.ofSeconds(10))
        .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    headers.forEach(request::setHeader);
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** The head of a request, with the empty line that ends it. */
  private static String head(SignedRequest request) {
    StringBuilder head = new StringBuilder("POST " + request.target() + " HTTP/1.1\r\n");
    head.append("Host: localhost\r\nConnection: close\r\n");
    head.append("Content-Length: ").append(request.body().length).append("\r\n");
    request
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  private String statusLineAfterSendingAll(SignedRequest request) throws IOException {
    try (Socket socket = new Socket()) {
      // Small, so that writing waits for the server to read.
      socket.setSendBufferSize(16_384);
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress("localhost", server.port()));
      OutputStream out = socket.getOutputStream();
      out.write(head(request).getBytes(StandardCharsets.ISO_8859_1));
      out.write(request.body());
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
          .readLine();
    }
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("\"" + code + "\"");
  }
}
