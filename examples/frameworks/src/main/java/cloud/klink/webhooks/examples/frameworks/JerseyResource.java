package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpServer;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.glassfish.jersey.jdkhttp.JdkHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;

/**
 * A resource in Jersey 4, on the JDK's server. That server reads at most 64 KiB of a body that a
 * refusal left unread, and then resets the connection, unless the system property
 * {@code sun.net.httpserver.drainAmount} says more.
 */
@Path("/webhooks/klink")
public final class JerseyResource {
  private final WebhookReceiver receiver;

  JerseyResource(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  /** Receives a request; its body is a stream, which no provider has parsed. */
  @POST
  public Response receive(InputStream body, @Context UriInfo uri, @Context HttpHeaders headers)
      throws IOException {
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

  static RunningServer start(WebhookReceiver receiver) {
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    ResourceConfig resources = new ResourceConfig().register(new JerseyResource(receiver));
    HttpServer server =
        JdkHttpServerFactory.createHttpServer(URI.create("http://localhost:0/"), resources);
    return new RunningServer(server.getAddress().getPort(), () -> server.stop(1), receiver);
  }
}
