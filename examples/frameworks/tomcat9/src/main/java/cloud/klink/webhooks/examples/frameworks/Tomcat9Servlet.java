package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** A servlet of {@code javax.servlet} in Tomcat 9. */
final class Tomcat9Servlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient WebhookReceiver receiver;

  Tomcat9Servlet(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String query = request.getQueryString();
    IncomingRequest.Builder head = IncomingRequest.builder()
        .method(request.getMethod())
        .target(request.getRequestURI() + (query == null ? "" : "?" + query));
    for (String name : Collections.list(request.getHeaderNames())) {
      Collections.list(request.getHeaders(name)).forEach(value -> head.header(name, value));
    }
    ReceiverResponse answer = receiver.receive(head.build(), request.getInputStream());
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.getOutputStream().write(answer.body());
  }

  static RunningServer start(WebhookReceiver receiver, Path folder) throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "klink", new Tomcat9Servlet(receiver)).addMapping("/webhooks/klink");
    tomcat.getConnector();
    tomcat.start();
    return new RunningServer(
        tomcat.getConnector().getLocalPort(),
        () -> {
          tomcat.stop();
          tomcat.destroy();
        },
        receiver);
  }
}
