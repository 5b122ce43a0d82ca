package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.servlet.WebhookServlet;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** A servlet in Jetty 12. */
final class JettyServlet {
  private JettyServlet() {}

  static RunningServer start(WebhookReceiver receiver) throws Exception {
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new WebhookServlet(receiver)), "/webhooks/klink");
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(context));
    server.setStopTimeout(5_000);
    server.start();
    return new RunningServer(connector.getLocalPort(), server::stop, receiver);
  }
}
