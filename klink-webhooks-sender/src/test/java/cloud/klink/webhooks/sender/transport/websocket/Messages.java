package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends attempts through a transport that calls back later, and insists on one callback each. */
final class Messages {
  static final String SIGNATURE = Sending.SIGNATURE;
  static final String BODY = "{\"text\":\"សួស្តី 😀\"}";
  static final Duration LONG = Sending.LONG;

  private final Transport transport;
  private final String url;
  private final Duration timeout;
  private final @Nullable AuthenticationHeader header;
  private final String body;

  Messages(Transport transport, String url) {
    this(transport, url, LONG, null, BODY);
  }

  private Messages(
      Transport transport,
      String url,
      Duration timeout,
      @Nullable AuthenticationHeader header,
      String body) {
    this.transport = transport;
    this.url = url;
    this.timeout = timeout;
    this.header = header;
    this.body = body;
  }

  Messages within(Duration newTimeout) {
    return new Messages(transport, url, newTimeout, header, body);
  }

  Messages to(String newUrl) {
    return new Messages(transport, newUrl, timeout, header, body);
  }

  Messages with(String name, String value) {
    return new Messages(transport, url, timeout, new AuthenticationHeader(name, value), body);
  }

  Messages saying(String newBody) {
    return new Messages(transport, url, timeout, header, newBody);
  }

  OutgoingRequest request(String webhookId, String deliveryId) {
    return Sending.request(
        Sending.delivery(webhookId, deliveryId, "evt_1", 0, body),
        url,
        Optional.ofNullable(header),
        timeout);
  }

  Pending send(String deliveryId) {
    return send("whk_1", deliveryId);
  }

  Pending send(String webhookId, String deliveryId) {
    Pending pending = new Pending();
    transport.send(request(webhookId, deliveryId), pending::done);
    return pending;
  }

  /** What comes of an attempt. */
  static final class Pending {
    private final CompletableFuture<AttemptResult> future = new CompletableFuture<>();
    private volatile boolean twice;

    private void done(AttemptResult result) {
      twice |= !future.complete(result);
    }

    boolean isDone() {
      return future.isDone();
    }

    AttemptResult result() {
      try {
        AttemptResult result = Objects.requireNonNull(future.get(30, TimeUnit.SECONDS));
        if (twice) {
          throw new AssertionError("called back twice");
        }
        return result;
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError("no result came", e);
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }
}
