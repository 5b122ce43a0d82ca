package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import io.quarkus.bootstrap.app.RunningQuarkusApplication;
import io.quarkus.bootstrap.app.StartupAction;
import io.quarkus.maven.dependency.ArtifactKey;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;

/** Starts Quarkus without its plugin and its JUnit extension, which start one application only. */
class QuarkusResourceTest extends ReceiverContract {
  @Override
  RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    Properties settings = new Properties();
    settings.setProperty("quarkus.http.port", "0");
    CuratedApplication application = QuarkusBootstrap.builder()
        .setApplicationRoot(classes())
        .setProjectRoot(Path.of("").toAbsolutePath())
        .setTargetDirectory(folder)
        .setMode(QuarkusBootstrap.Mode.RUN)
        .setLocalProjectDiscovery(true)
        .addParentFirstArtifact(ArtifactKey.ga("cloud.klink", "klink-webhooks-core"))
        .addParentFirstArtifact(ArtifactKey.ga("cloud.klink", "klink-webhooks-verifier"))
        .setBaseClassLoader(QuarkusResourceTest.class.getClassLoader())
        .setBuildSystemProperties(settings)
        .setRuntimeProperties(settings)
        .build()
        .bootstrap();
    StartupAction started = application.createAugmentor().createInitialRuntimeApplication();
    // The application's classes are loaded once more, by a loader of its own.
    Field field = started
        .getClassLoader()
        .loadClass(ReceiverFactory.class.getName())
        .getDeclaredField("receiver");
    field.setAccessible(true);
    field.set(null, receiver);
    RunningQuarkusApplication running = started.run();
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
