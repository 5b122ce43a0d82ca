package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoEndpoint;
import cloud.klink.webhooks.examples.console.setup.ConsoleSettings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.support.RequestContextUtils;

/** What every page needs. */
@ControllerAdvice
class PageModel {
  private final ConsoleSettings settings;
  private final String demoUrl;

  PageModel(ConsoleSettings settings, ObjectProvider<DemoEndpoint> demo) {
    this.settings = settings;
    DemoEndpoint endpoint = demo.getIfAvailable();
    this.demoUrl = endpoint == null ? "" : endpoint.url();
  }

  @ModelAttribute
  void fill(Model model, HttpServletRequest request) {
    model.addAttribute("environment", Environment.DEVELOPMENT.id());
    model.addAttribute("times", times(request));
    model.addAttribute("localZone", settings.zone().getId());
    model.addAttribute("demoUrl", demoUrl);
    model.addAttribute("back", back(request));
    model.addAttribute("section", path(request).replaceFirst("^/([^/]*).*", "$1"));
    Principal user = request.getUserPrincipal();
    model.addAttribute("account", user == null ? "" : user.getName());
    model.addAttribute(
        "isOperator",
        !settings.access().isLoginRequired()
            || request.isUserInRole(ConsoleSettings.Role.OPERATOR.name()));
    model.addAttribute("notice", notice(request));
  }

  /** None on an error page: its parameters may be what cannot be read. */
  private static String notice(HttpServletRequest request) {
    String id =
        request.getDispatcherType() == DispatcherType.ERROR ? null : request.getParameter("notice");
    return Notice.key(id == null ? "" : id).orElse("");
  }

  private static DisplayTimes times(HttpServletRequest request) {
    TimeZone zone = RequestContextUtils.getTimeZone(request);
    return new DisplayTimes(zone == null ? ZoneOffset.UTC : zoneOf(zone));
  }

  private static ZoneId zoneOf(TimeZone zone) {
    return zone.getID().equals("UTC") ? ZoneOffset.UTC : zone.toZoneId();
  }

  /** Where a change of the language or of the zone leads back to. */
  private static String back(HttpServletRequest request) {
    if (!request.getMethod().equals("GET")) {
      return "/webhooks";
    }
    String query = request.getQueryString();
    return path(request) + (query == null ? "" : "?" + query);
  }

  private static String path(HttpServletRequest request) {
    Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return failed == null ? request.getRequestURI() : failed.toString();
  }
}
