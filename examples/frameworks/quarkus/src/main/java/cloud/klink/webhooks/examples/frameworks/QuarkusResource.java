package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;

/** A resource in Quarkus REST. */
@Path("/webhooks/klink")
public class QuarkusResource {
  private final WebhookReceiver receiver;

  QuarkusResource(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  /** Receives a request; its body is a stream, which no reader has parsed. */
  @POST
  @Blocking
  public Response receive(InputStream body, UriInfo uri, HttpHeaders headers) throws IOException {
    String query = uri.getRequestUri().getRawQuery();
    IncomingRequest head = IncomingRequest.builder()
        .target(uri.getRequestUri().getRawPath() + (query == null ? "" : "?" + query))
        .headers(headers.getRequestHeaders())
        .build();
    ReceiverResponse answer = receiver.receive(head, body);
    Response.ResponseBuilder response = Response.status(answer.status()).entity(answer.body());
    answer.headers().forEach(response::header);
    return response.build();
  }
}
