package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One webhook's connections: the one that messages go to, and those that were replaced and still
 * wait for answers. Thread-safe. It ends when it has no connection left.
 */
final class WebhookConnections {
  static final String CLOSED = "the sender was closed during the attempt";

  private final WebSocketContext context;
  private final List<WebSocketConnection> connections = new ArrayList<>(1);
  private final List<SocketMessage> held = new ArrayList<>(0);
  private final SerialExecutor executor;

  /**
   * Without a connection.
   *
   * @param whenEnded told when it has ended
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
   * Takes an attempt over.
   *
   * @return false if this has ended, so that another must be made
   */
  boolean send(SocketMessage message) {
    return executor.post(() -> {
      try {
        accept(message);
      } catch (Throwable e) { // of the endpoint policy above all: the attempt ends all the same
        context.end(
            message,
            AttemptResult.failed(
                AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
        throw e;
      }
    });
  }

  /** Ends everything. */
  void close() {
    executor.post(() -> {
      List<SocketMessage> waiting = List.copyOf(held);
      held.clear();
      List.copyOf(connections).forEach(WebSocketConnection::shut);
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
    message.endsBy(context.timers().later(left, () -> context.post(() -> expire(message))));
    dispatch(message);
  }

  /** Only after a long pause of the whole process is a delivery sent twice at the same time. */
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

  /** An attempt has ended: one that waits for that is next. */
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
              "timed out while another attempt at the same delivery was being made"));
    } else {
      List.copyOf(connections).forEach(connection -> connection.expire(message));
    }
  }

  /**
   * The connection for a message: the one of its address, unless its connection is too old or has
   * carried an attempt at the same delivery before. Whatever messages went to so far is closed
   * after its answers, then.
   */
  private WebSocketConnection connection(SocketMessage message) {
    EndpointAddress address = EndpointAddress.of(message.request);
    for (WebSocketConnection connection : List.copyOf(connections)) {
      if (!connection.isRetired()) {
        if (connection.address().equals(address) && connection.takes(message.id())) {
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

  /** The one that messages go to; empty if all are retired. */
  private Optional<WebSocketConnection> current() {
    return connections.stream().filter(connection -> !connection.isRetired()).findFirst();
  }
}
