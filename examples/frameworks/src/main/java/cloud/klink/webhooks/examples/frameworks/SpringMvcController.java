package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.servlet.WebhookServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** A controller in Spring MVC 7, without Spring Boot. */
@Controller
public class SpringMvcController {
  private final WebhookServlet webhooks;

  SpringMvcController(WebhookReceiver receiver) {
    this.webhooks = new WebhookServlet(receiver);
  }

  /** Receives a request before any converter reads its body. */
  @RequestMapping("/webhooks/klink")
  public void receive(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    webhooks.service(request, response);
  }

  static RunningServer start(WebhookReceiver receiver, Path folder) throws LifecycleException {
    GenericWebApplicationContext context = new GenericWebApplicationContext();
    context.registerBean(SpringMvcController.class, () -> new SpringMvcController(receiver));
    return TomcatServlet.start(new DispatcherServlet(context), receiver, folder);
  }
}
