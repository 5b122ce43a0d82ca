package cloud.klink.webhooks.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A Spring Boot application that receives K-LINK webhooks: see {@code application.yaml}. */
@SpringBootApplication
public class SpringReceiver {
  /**
   * Starts the application.
   *
   * @param arguments properties, as {@code --server.port=8081}
   */
  public static void main(String[] arguments) {
    SpringApplication.run(SpringReceiver.class, arguments);
  }
}
