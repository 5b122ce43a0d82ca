package cloud.klink.webhooks.sender.transport.net;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.RawServer;
import cloud.klink.webhooks.sender.transport.Sending;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said to be sent is what is sent. */
class RequestHeadersTest {
  private static final List<String> OF_HTTP = List.of("Host", "Content-Length", "Connection");

  private final RawServer server =
      RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  private final HttpTransport transport =
      HttpTransport.builder(EndpointPolicy.forDevelopment()).build();

  @AfterEach
  void stop() {
    transport.close();
    server.close();
  }

  /** The lines behind the first that came, without those that HTTP adds. */
  private List<String> sent(OutgoingRequest request) {
    assertThat(new Sending(transport).send(request).succeeded()).isTrue();
    List<String> head = server.heads().get(0);
    assertThat(head.get(0)).isEqualTo("POST /hook HTTP/1.1");
    assertThat(head.subList(1, head.size()).stream().map(RequestHeadersTest::name))
        .containsOnlyOnceElementsOf(OF_HTTP);
    return head.stream().skip(1).filter(line -> !OF_HTTP.contains(name(line))).toList();
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':'));
  }

  private static List<String> text(Map<String, String> headers) {
    return headers.entrySet().stream()
        .map(header -> header.getKey() + ": " + header.getValue())
        .toList();
  }

  @Test
  void of_aRequest_isWhatIsOnTheWire() {
    OutgoingRequest request = Sending.authenticated(server.url(), "X-Api-Key", "hunter2 \t!");

    List<String> wire = sent(request);

    assertThat(wire)
        .isEqualTo(text(RequestHeaders.of(request)))
        .contains("Content-Type: application/json", "X-Api-Key: hunter2 \t!");
  }

  @Test
  void withoutSecrets_ofAnAttempt_isWhatIsOnTheWireButForTheSecrets() {
    OutgoingRequest request = Sending.authenticated(server.url(), "Authorization", "hunter2");

    List<String> wire = sent(request);

    assertThat(text(RequestHeaders.withoutSecrets(
            EventName.MESSAGE_INBOUND, "evt_1", "dlv_1", 2, "Authorization")))
        .isEqualTo(wire.stream()
            .map(line -> line.replace(Sending.SIGNATURE, "***").replace("hunter2", "***"))
            .toList())
        .contains("X-Signature: ***", "Authorization: ***", "X-Klink-Attempt: 2");
  }

  @Test
  void withoutSecrets_ofAnAttemptWithoutAuthentication_hasNoLineForIt() {
    List<String> wire = sent(Sending.request(server.url(), Sending.LONG));

    assertThat(
            text(RequestHeaders.withoutSecrets(EventName.MESSAGE_INBOUND, "evt_1", "dlv_1", 2, "")))
        .hasSameSizeAs(wire)
        .noneSatisfy(line -> assertThat(line).contains(Sending.SIGNATURE));
  }

  @Test
  void send_withAnIdOutOfADamagedRow_sendsNothing() {
    for (String id : List.of("evt\r\nX-Signature: 0", "evt\n1", "evt\0", "évt")) {
      AttemptResult result = new Sending(transport)
          .send(
              Sending.request(Sending.delivery(id), server.url(), Optional.empty(), Sending.LONG));

      assertThat(result.outcome()).as(id).isEqualTo(AttemptOutcome.INTERNAL);
    }
    assertThat(server.connections()).isZero();
  }
}
