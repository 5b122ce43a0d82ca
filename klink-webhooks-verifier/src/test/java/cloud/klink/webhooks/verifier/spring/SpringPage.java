package cloud.klink.webhooks.verifier.spring;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The Java of SPRING.md, which {@link SpringPageTest} compares it with and runs. */
final class SpringPage {
  private static final Logger log = LoggerFactory.getLogger(SpringPage.class);

  private SpringPage() {}

  record Message(String text) {}

  record Room(String id) {}

  static class Handlers {
    final List<String> inbox = new ArrayList<>();

    @KlinkWebhook("message.inbound")
    void onMessage(Message message) {
      inbox.add(message.text());
    }

    @KlinkWebhook(group = "contact")
    void onContact(Event event, VerifiedWebhook webhook) {
      log.info("{}, signed for {}", event.name(), webhook.secretGroup());
    }

    @KlinkWebhook
    void onAnythingElse(Event event) {
      log.info("nothing to do for {}", event.name());
    }
  }

  static class Rooms {
    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    Rooms(DataSource dataSource, JdbcTemplate jdbc, TransactionTemplate transactions) {
      this.dataSource = dataSource;
      this.jdbc = jdbc;
      this.transactions = transactions;
    }

    @Transactional
    @KlinkWebhook("room.solved")
    public void onRoomSolved(Room room, Event event) {
      jdbc.update("INSERT INTO solved (room) VALUES (?)", room.id());
    }

    @KlinkWebhook("room.opened")
    void onRoomOpened(Room room, ProcessingClaim claim) {
      transactions.executeWithoutResult(status -> {
        jdbc.update("INSERT INTO opened (room) VALUES (?)", room.id());
        markDone(claim);
      });
    }

    private void markDone(ProcessingClaim claim) {
      try {
        claim.done(DataSourceUtils.getConnection(dataSource));
      } catch (SQLException e) {
        throw new IllegalStateException("The event cannot be marked", e);
      }
    }
  }

  @Configuration
  static class OwnSecurity {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain klinkWebhookSecurityFilterChain(
        HttpSecurity http, WebhookEndpointFilter webhooks) throws Exception {
      return http.securityMatcher(webhooks::matches)
          .csrf(csrf -> csrf.disable())
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .addFilterBefore(webhooks, AuthorizationFilter.class)
          .build();
    }
  }

  @Configuration
  static class Reactive {
    @Bean
    RouterFunction<ServerResponse> webhooks(WebhookReceiver receiver, Executor executor) {
      return RouterFunctions.route()
          .POST(
              "/webhooks/klink",
              request -> request
                  .bodyToMono(byte[].class)
                  .defaultIfEmpty(new byte[0])
                  .map(body -> incoming(request, body))
                  .flatMap(incoming -> Mono.fromFuture(receiver.receiveAsync(incoming, executor)))
                  .flatMap(answer -> ServerResponse.status(answer.status())
                      .headers(headers -> answer.headers().forEach(headers::set))
                      .bodyValue(answer.body())))
          .build();
    }

    private static IncomingRequest incoming(ServerRequest request, byte[] body) {
      URI uri = request.uri();
      IncomingRequest.Builder incoming = IncomingRequest.builder()
          .method(request.method().name())
          .target(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
          .body(body);
      request
          .headers()
          .asHttpHeaders()
          .forEach((name, values) -> values.forEach(value -> incoming.header(name, value)));
      return incoming.build();
    }
  }

  static void deliver(MockMvc mockMvc) throws Exception {
    SignedRequest request = SignedRequest.to("https://example.com/webhooks/klink")
        .signedWith(SigningSecret.of("whsec_only-for-tests-of-this-page"))
        .body("""
        {"event": "message.inbound", "id": "evt_1",
         "timestamp": "2026-01-09T03:42:38.000000Z", "data": {"text": "hello"}}
        """);
    HttpHeaders headers = new HttpHeaders();
    request.headers().forEach(headers::set);
    mockMvc
        .perform(post(request.target()).headers(headers).content(request.body()))
        .andExpect(status().isOk());
  }
}
