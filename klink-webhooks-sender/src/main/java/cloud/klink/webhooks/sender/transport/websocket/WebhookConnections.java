package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One webhook's connections: the one that messages go to, and those that were replaced and wait for
 * answers still. Safe for use by many threads; it ends when it has no link left.
 */
final class WebhookConnections {
  static final String CLOSED = "the sender was closed during the attempt";

  private final WebSocketContext context;
  private final List<WebSocketConnection> links = new ArrayList<>(1);
  private final List<SocketMessage> held = new ArrayList<>(0);
  private final SerialExecutor mailbox;

  /**
   * A channel without a connection.
   *
   * @param whenEnded told when it has ended
   */
  WebhookConnections(
      SocketOpener opener,
      SocketSettings settings,
      IdleConnections idle,
      Consumer<WebhookConnections> whenEnded) {
    this.mailbox =
        new SerialExecutor(() -> links.isEmpty() && held.isEmpty(), () -> whenEnded.accept(this));
    this.context = new WebSocketContext(opener, settings, idle, mailbox, this::ended);
  }

  /**
   * Takes an attempt over.
   *
   * @return false if this channel has ended, so that another must be begun
   */
  boolean send(SocketMessage message) {
    return mailbox.post(() -> {
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
    mailbox.post(() -> {
      List<SocketMessage> waiting = List.copyOf(held);
      held.clear();
      List.copyOf(links).forEach(WebSocketConnection::shut);
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
    boolean isBeingSent =
        links.stream().map(link -> link.find(message.id())).anyMatch(Objects::nonNull);
    if (isBeingSent) {
      held.add(message);
    } else {
      link(message).accept(message);
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
      List.copyOf(links).forEach(link -> link.expire(message));
    }
  }

  /**
   * The link for a message: the one of its address, unless its connection is too old or has carried
   * an attempt at the same delivery before. Whatever messages went to so far is closed after its
   * answers, then.
   */
  private WebSocketConnection link(SocketMessage message) {
    EndpointAddress address = EndpointAddress.of(message.request);
    for (WebSocketConnection link : List.copyOf(links)) {
      if (!link.isRetired()) {
        if (link.address().equals(address) && link.takes(message.id())) {
          return link;
        }
        link.retire();
      }
    }
    WebSocketConnection link =
        new WebSocketConnection(address, context, this::current, links::remove);
    links.add(link);
    return link;
  }

  /** The one that messages go to; empty if all are retired. */
  private Optional<WebSocketConnection> current() {
    return links.stream().filter(link -> !link.isRetired()).findFirst();
  }
}
