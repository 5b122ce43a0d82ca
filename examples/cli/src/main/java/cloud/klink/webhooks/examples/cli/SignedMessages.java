package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebSocketReply;
import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import cloud.klink.webhooks.examples.cli.websocket.WebSocketClient;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** Sends events as messages on one WebSocket connection, which the first opens. */
final class SignedMessages implements EventSender {
  private final CanonicalTarget target;
  private final SigningSecret secret;
  private final Duration timeout;
  private final WebSocketClient client;

  SignedMessages(
      String url,
      CanonicalTarget target,
      SigningSecret secret,
      List<Header> headers,
      TrustedCertificates trusted,
      Duration timeout) {
    this.target = target;
    this.secret = secret;
    this.timeout = timeout;
    this.client = new WebSocketClient(SenderHeaders.request(url, headers).build(), trusted);
  }

  @Override
  public Answer send(Event event) {
    CanonicalBody body = event.toBody();
    WebSocketMessage message = WebSocketMessage.of(
        UUID.randomUUID().toString(), secret.sign(target.with(body)), body.toBytes());
    long begin = System.nanoTime();
    try {
      WebSocketReply reply = WebSocketReply.parse(client.ask(message.text(), timeout));
      if (!reply.id().equals(message.id())) {
        return Answer.failed("it was an answer to another message", SignedPost.since(begin));
      }
      return new Answer(
          reply.isAck(), reply.isAck() ? "ack" : "nack", reply.reason(), SignedPost.since(begin));
    } catch (MalformedException e) {
      return Answer.failed("the answer is no ack and no nack", SignedPost.since(begin));
    } catch (TimeoutException e) {
      return Answer.failed("timeout", SignedPost.since(begin));
    } catch (IOException e) {
      return Answer.failed(String.valueOf(e.getMessage()), SignedPost.since(begin));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
