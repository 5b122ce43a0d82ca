package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The connections of a webhook: the one for new messages, and replaced ones that still wait for
 * answers. It ends when it has no connections. Safe for use by many threads.
 */
final class WebhookConnections {
  static final String CLOSED = "the sender was closed during the attempt";

  private final WebSocketContext context;
  private final List<WebSocketConnection> connections = new ArrayList<>(1);
  private final List<SocketMessage> held = new ArrayList<>(0);
  private final SerialExecutor executor;

  /**
   * An object without connections.
   *
   * @param whenEnded called when it has ended
   */
  WebhookConnections(
      SocketOpener opener,
      SocketSettings settings,
      IdleConnections idle,
      Consumer<WebhookConnections> whenEnded) {
    this.executor = new SerialExecutor(
        () -> connections.isEmpty() && held.isEmpty(), () -> whenEnded.accept(this));
    this.context = new WebSocketContext(opener, settings, idle, executor, this::ended);
  }

  /**
   * Sends the message of an attempt.
   *
   * @return false if this has ended and another object is needed
   */
  boolean send(SocketMessage message) {
    return executor.post(() -> {
      try {
        accept(message);
      } catch (Throwable e) { // mostly of the endpoint policy; the attempt must end in any case
        context.end(
            message,
            AttemptResult.failed(
                AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
        throw e;
      }
    });
  }

  /** Ends all attempts and connections. */
  void close() {
    executor.post(() -> {
      List<SocketMessage> waiting = List.copyOf(held);
      held.clear();
      List.copyOf(connections).forEach(WebSocketConnection::closeNow);
      waiting.forEach(
          message -> context.end(message, AttemptResult.failed(AttemptOutcome.INTERNAL, CLOSED)));
    });
  }

  private void accept(SocketMessage message) {
    Optional<String> fault = EndpointAddress.of(message.request).fault(context.policy());
    if (fault.isPresent()) {
      context.end(message, AttemptResult.failed(AttemptOutcome.NOT_ALLOWED, fault.get()));
      return;
    }
    long left = message.deadline - context.timers().now();
    message.setTimer(context.timers().later(left, () -> context.post(() -> expire(message))));
    dispatch(message);
  }

  /**
   * Holds a message while another attempt of the same delivery runs, which happens only after a
   * long pause of the process.
   */
  private void dispatch(SocketMessage message) {
    boolean isBeingSent = connections.stream()
        .map(connection -> connection.find(message.id()))
        .anyMatch(Objects::nonNull);
    if (isBeingSent) {
      held.add(message);
    } else {
      connection(message).accept(message);
    }
  }

  /** Handles the end of an attempt: one that was held for it is next. */
  private void ended(SocketMessage message) {
    if (!held.isEmpty()) {
      context.post(() -> held.stream()
          .filter(one -> one.id().equals(message.id()))
          .findFirst()
          .ifPresent(next -> {
            held.remove(next);
            dispatch(next);
          }));
    }
  }

  private void expire(SocketMessage message) {
    if (held.remove(message)) {
      context.end(
          message,
          AttemptResult.failed(
              AttemptOutcome.TIMED_OUT,
              "timed out while another attempt of the same delivery was in progress"));
    } else {
      List.copyOf(connections).forEach(connection -> connection.expire(message));
    }
  }

  /**
   * Returns the connection for a message: the current one, if it has the message's address, is not
   * too old and has not carried an attempt of the same delivery. Otherwise a new connection
   * replaces it, and the old one closes after its answers.
   */
  private WebSocketConnection connection(SocketMessage message) {
    EndpointAddress address = EndpointAddress.of(message.request);
    for (WebSocketConnection connection : List.copyOf(connections)) {
      if (!connection.isRetired()) {
        if (connection.address().equals(address) && connection.accepts(message.id())) {
          return connection;
        }
        connection.retire();
      }
    }
    WebSocketConnection connection =
        new WebSocketConnection(address, context, this::current, connections::remove);
    connections.add(connection);
    return connection;
  }

  /** The connection for new messages; empty if all are retired. */
  private Optional<WebSocketConnection> current() {
    return connections.stream().filter(connection -> !connection.isRetired()).findFirst();
  }
}
