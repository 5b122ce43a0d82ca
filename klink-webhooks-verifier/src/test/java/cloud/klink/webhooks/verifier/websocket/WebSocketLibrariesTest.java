package cloud.klink.webhooks.verifier.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The receiver, hung into real WebSockets of OkHttp, the JDK and Jakarta. */
@Timeout(60)
class WebSocketLibrariesTest {
  private static final int MAX_BODY = 100_000;

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
  private final WebhookReceiver receiver = WebhookReceiver.builder(
          Fixtures.verifier().maxBodyBytes(MAX_BODY).build())
      .otherwise(webhook -> {})
      .build();

  private static String message(String id, int padding) {
    byte[] body = Fixtures.utf8("{\"data\":{\"a\":\"" + "x".repeat(padding)
        + "\"},\"event\":\"room.solved\",\"id\":\"" + id
        + "\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\"}");
    return WebSocketMessage.of(id, Signature.parse(Fixtures.sign(body)), body).text();
  }

  private static String tampered(String id) {
    return message(id, 10).replace("xxx", "xyx");
  }

  private String answer() throws InterruptedException {
    return Objects.requireNonNull(answers.poll(20, SECONDS), "no answer came");
  }

  /** Writes down what a receiver sends, as the sender would hear it. */
  private final class Heard implements java.net.http.WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence part, boolean isLast) {
      answers.add(part.toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(
        java.net.http.WebSocket socket, int code, String reason) {
      closed.add(code);
      return null;
    }
  }

  private java.net.http.WebSocket connect(URI uri) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(uri, new Heard())
        .join();
  }

  /** What every library's listener must make of what comes. */
  private void converse(java.net.http.WebSocket socket) throws InterruptedException {
    socket.sendText(message("d1", 10), true).join();
    assertThat(answer()).isEqualTo("{\"ack\":\"d1\"}");

    socket.sendText(tampered("d2"), true).join();
    assertThat(answer()).isEqualTo("{\"nack\":\"d2\",\"reason\":\"signature_mismatch\"}");

    String long3 = message("d3", MAX_BODY - 1_000);
    for (int from = 0; from < long3.length(); from += 9_999) {
      int to = Math.min(long3.length(), from + 9_999);
      socket.sendText(long3.substring(from, to), to == long3.length()).join();
    }
    assertThat(answer()).isEqualTo("{\"ack\":\"d3\"}");

    socket.sendText(message("d4", 2 * MAX_BODY), true).join();
    assertThat(closed.poll(20, SECONDS)).isEqualTo(WebSocketSession.TOO_BIG);
    assertThat(answers).isEmpty();
  }

  @Test
  void okHttp_listener_answersWhatComes() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(
          new MockResponse.Builder().webSocketUpgrade(new OkHttpListener()).build());
      server.start();
      converse(connect(server
          .url("/")
          .uri()
          .resolve("ws://" + server.getHostName() + ":" + server.getPort() + "/")));
    }
  }

  private final class OkHttpListener extends WebSocketListener {
    private @Nullable WebSocketSession session;

    @Override
    public void onOpen(WebSocket socket, Response response) {
      session = new WebSocketSession(receiver, null, socket::send, socket::close);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      Objects.requireNonNull(session).text(text);
    }
  }

  @Test
  void jakarta_endpoint_answersWhatComes() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    JakartaWebSocketServletContainerInitializer.configure(
        context,
        (servlets, container) -> container.addEndpoint(
            ServerEndpointConfig.Builder.create(JakartaEndpoint.class, "/hook")
                .configurator(new Configurator())
                .build()));
    server.setHandler(context);
    server.start();
    try {
      converse(connect(URI.create("ws://localhost:" + connector.getLocalPort() + "/hook")));
    } finally {
      server.stop();
    }
  }

  private final class Configurator extends ServerEndpointConfig.Configurator {
    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(new JakartaEndpoint(receiver));
    }
  }

  @Test
  void jdk_listener_answersWhatComes() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      CompletableFuture<WebSocket> sender = new CompletableFuture<>();
      server.enqueue(new MockResponse.Builder()
          .webSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
              sender.complete(socket);
            }

            @Override
            public void onMessage(WebSocket socket, String text) {
              answers.add(text);
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
              closed.add(code);
              socket.close(code, reason);
            }
          })
          .build());
      server.start();
      URI uri = URI.create("ws://" + server.getHostName() + ":" + server.getPort() + "/");
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(uri, new JdkListener())
          .join();

      sender.join().send(message("d1", 10));
      assertThat(answer()).isEqualTo("{\"ack\":\"d1\"}");
      sender.join().send(tampered("d2"));
      assertThat(answer()).isEqualTo("{\"nack\":\"d2\",\"reason\":\"signature_mismatch\"}");
      sender.join().send(message("d3", MAX_BODY - 1_000));
      assertThat(answer()).isEqualTo("{\"ack\":\"d3\"}");
      sender.join().send(message("d4", 2 * MAX_BODY));
      assertThat(closed.poll(20, SECONDS)).isEqualTo(WebSocketSession.POLICY_VIOLATION);
      assertThat(answers).isEmpty();
    }
  }

  /** The JDK hands a long message over in parts, and takes few of the codes to close with. */
  private final class JdkListener implements java.net.http.WebSocket.Listener {
    private @Nullable WebSocketSession session;

    @Override
    public void onOpen(java.net.http.WebSocket socket) {
      session = new WebSocketSession(
          receiver,
          null,
          text -> socket.sendText(text, true).join(),
          (code, reason) ->
              socket.sendClose(WebSocketSession.POLICY_VIOLATION, reason).join());
      socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence part, boolean isLast) {
      Objects.requireNonNull(session).text(part, isLast);
      socket.request(1);
      return null;
    }
  }
}
