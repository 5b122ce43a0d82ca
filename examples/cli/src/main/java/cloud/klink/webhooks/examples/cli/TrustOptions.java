package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose certificates are trusted. */
final class TrustOptions {
  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Trust the certificate authorities of this file, in PEM, instead of Java's:"
          + " for a receiver that is not on the internet yet.")
  private @Nullable Path authorities;

  TrustedCertificates trusted() {
    if (authorities == null) {
      return TrustedCertificates.ofJava();
    }
    try {
      return TrustedCertificates.of(authorities);
    } catch (IOException e) {
      throw new BadUsage("--ca-file: cannot read " + authorities);
    } catch (CertificateException e) {
      throw new BadUsage("--ca-file: " + authorities + " must hold X.509 certificates in PEM");
    }
  }
}
