package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import io.quarkus.bootstrap.app.RunningQuarkusApplication;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;

class QuarkusResourceTest extends ReceiverContract {
  /** Quarkus's plugin and its JUnit extension start one application; the contract needs two. */
  @Override
  RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    ReceiverFactory.RECEIVERS.add(receiver);
    Properties settings = new Properties();
    settings.setProperty("quarkus.http.port", "0");
    settings.setProperty("quarkus.http.test-port", "0");
    CuratedApplication application = QuarkusBootstrap.builder()
        .setApplicationRoot(classes())
        .setProjectRoot(Path.of("").toAbsolutePath())
        .setTargetDirectory(folder)
        .setMode(QuarkusBootstrap.Mode.RUN)
        .setLocalProjectDiscovery(true)
        .setFlatClassPath(true)
        .setIsolateDeployment(false)
        .setBaseClassLoader(QuarkusResourceTest.class.getClassLoader())
        .setBuildSystemProperties(settings)
        .setRuntimeProperties(settings)
        .build()
        .bootstrap();
    RunningQuarkusApplication running =
        application.createAugmentor().createInitialRuntimeApplication().run();
    int port = running.getConfigValue("quarkus.http.port", Integer.class).orElseThrow();
    return new RunningServer(
        port,
        () -> {
          running.close();
          application.close();
        },
        receiver);
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(QuarkusResource.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toURI());
  }
}
