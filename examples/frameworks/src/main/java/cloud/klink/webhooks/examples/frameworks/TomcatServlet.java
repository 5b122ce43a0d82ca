package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.servlet.WebhookServlet;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** A servlet in Tomcat 11. */
final class TomcatServlet {
  private TomcatServlet() {}

  static RunningServer start(WebhookReceiver receiver, Path folder) throws LifecycleException {
    return start(new WebhookServlet(receiver), receiver, folder);
  }

  static RunningServer start(Servlet servlet, WebhookReceiver receiver, Path folder)
      throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "klink", servlet).addMapping("/webhooks/klink");
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
