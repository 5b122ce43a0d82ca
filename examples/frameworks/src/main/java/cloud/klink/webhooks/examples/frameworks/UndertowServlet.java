package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.servlet.WebhookServlet;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;

/** A servlet in Undertow 2. */
final class UndertowServlet {
  private UndertowServlet() {}

  static RunningServer start(WebhookReceiver receiver) throws ServletException {
    WebhookServlet servlet = new WebhookServlet(receiver);
    DeploymentInfo application = Servlets.deployment()
        .setClassLoader(UndertowServlet.class.getClassLoader())
        .setDeploymentName("klink")
        .setContextPath("/")
        .addServlet(
            Servlets.servlet("klink", WebhookServlet.class, new ImmediateInstanceFactory<>(servlet))
                .addMapping("/webhooks/klink"));
    DeploymentManager deployment = Servlets.newContainer().addDeployment(application);
    deployment.deploy();
    GracefulShutdownHandler requests = Handlers.gracefulShutdown(deployment.start());
    Undertow server =
        Undertow.builder().addHttpListener(0, "localhost").setHandler(requests).build();
    server.start();
    InetSocketAddress address =
        (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    return new RunningServer(
        address.getPort(),
        () -> {
          // New requests are refused with 503; those that run have 5 seconds to end.
          requests.shutdown();
          requests.awaitShutdown(5_000);
          server.stop();
          deployment.stop();
        },
        receiver);
  }
}
