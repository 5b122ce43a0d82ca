package cloud.klink.webhooks.examples.console;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The application: see {@code application.yaml}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Console {
  /**
   * Starts the application.
   *
   * @param arguments properties, as {@code --server.port=8081}
   */
  public static void main(String[] arguments) {
    SpringApplication.run(Console.class, arguments);
  }
}
