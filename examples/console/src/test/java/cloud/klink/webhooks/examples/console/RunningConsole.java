package cloud.klink.webhooks.examples.console;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import cloud.klink.webhooks.examples.console.demo.DemoEndpoint;
import cloud.klink.webhooks.sender.WebhookSender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Session;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The application on free ports, with a database of its own; one for all tests that need no other.
 */
final class RunningConsole implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private RunningConsole(List<Class<?>> sources, String... properties) {
    String[] arguments = Stream.concat(
            Stream.of("server.port=0", "console.demo.port=0", "spring.main.banner-mode=off")
                .filter(property -> Stream.of(properties)
                    .noneMatch(other -> other.startsWith(property.replaceAll("=.*", "=")))),
            Stream.of(properties))
        .map(property -> "--" + property)
        .toArray(String[]::new);
    this.context = SpringApplication.run(sources.toArray(Class<?>[]::new), arguments);
  }

  /** Starts when the first test needs it, and ends with the JVM. */
  private static final class Shared {
    static final RunningConsole CONSOLE = onSqlite();
  }

  static RunningConsole shared() {
    return Shared.CONSOLE;
  }

  static RunningConsole onSqlite() {
    try {
      return on("CONSOLE_DATA=" + Files.createTempDirectory("console").resolve("console.db"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunningConsole on(String... properties) {
    return new RunningConsole(List.of(Console.class), properties);
  }

  /** With the beans of a class beside the application's own. */
  static RunningConsole with(Class<?> beans, String... properties) {
    return new RunningConsole(List.of(Console.class, beans), properties);
  }

  /** The sessions that the server has. */
  List<Session> sessions() {
    TomcatWebServer server =
        (TomcatWebServer) ((ServletWebServerApplicationContext) context).getWebServer();
    Context application =
        (Context) Objects.requireNonNull(server).getTomcat().getHost().findChildren()[0];
    return List.of(application.getManager().findSessions());
  }

  String root() {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  Browser browser() {
    return new Browser(root());
  }

  WebhookSender sender() {
    return context.getBean(WebhookSender.class);
  }

  /** The operations of the API, each a method and a path after {@code /api/v1}. */
  Set<String> apiOperations() {
    Set<String> operations = new TreeSet<>();
    context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(mapping -> mapping.getPatternValues().stream()
            .filter(path -> path.startsWith("/api/v1/"))
            .forEach(path -> mapping
                .getMethodsCondition()
                .getMethods()
                .forEach(method ->
                    operations.add(method.name() + " " + path.substring("/api/v1".length())))));
    return operations;
  }

  DemoEndpoint demo() {
    return context.getBean(DemoEndpoint.class);
  }

  void behave(DemoBehaviour behaviour) {
    demo().behave(behaviour);
  }

  /** Creates a webhook by its form; to the demo endpoint if the URL is empty. */
  String create(String environment, String name, String url, String... events) {
    Browser browser = browser();
    Page form = browser.get("/webhooks/new?environment=" + environment);
    Page page = browser.submit(
        form.formTo("/webhooks"),
        Map.of(
            "name", List.of(name),
            "url", List.of(url.isEmpty() ? demo().url() : url),
            "events", List.of(events)));
    if (!page.at().startsWith("/webhooks/wh")) {
      throw new AssertionError(page.at() + ": " + page.text());
    }
    return page.at().replaceAll("/webhooks/([^?]*).*", "$1");
  }

  /** Publishes an event; its id. */
  String publish(Environment environment, String name, String text) {
    return sender()
        .publish(
            environment,
            Event.builder(EventName.of(name))
                .timestamp(Instant.now())
                .data(JsonNodeFactory.instance.objectNode().put("text", text))
                .build())
        .eventId();
  }

  @Override
  public void close() {
    context.close();
  }
}
