package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;

/** A controller in Micronaut 4, on Netty. */
@Controller("/webhooks/klink")
public class MicronautController {
  private final WebhookReceiver receiver;

  MicronautController(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  /** Receives a request; bytes go through no codec. */
  @Post
  @Consumes("*/*")
  @ExecuteOn(TaskExecutors.BLOCKING)
  public HttpResponse<byte[]> receive(HttpRequest<byte[]> request) {
    IncomingRequest incoming = IncomingRequest.builder()
        .target(request.getUri().toString())
        .headers(request.getHeaders().asMap())
        .body(request.getBody().orElse(new byte[0]))
        .build();
    ReceiverResponse answer = receiver.receive(incoming);
    MutableHttpResponse<byte[]> response = HttpResponse.status(HttpStatus.valueOf(answer.status()));
    answer.headers().forEach(response::header);
    return response.body(answer.body());
  }

  static RunningServer start(WebhookReceiver receiver) {
    ApplicationContext context = ApplicationContext.builder()
        .properties(Map.of("micronaut.server.port", -1))
        .singletons(receiver)
        .start();
    EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
    return new RunningServer(server.getPort(), context, receiver);
  }
}
