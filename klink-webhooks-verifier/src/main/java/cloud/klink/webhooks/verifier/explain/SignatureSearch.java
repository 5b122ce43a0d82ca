package cloud.klink.webhooks.verifier.explain;

import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tries candidates against one signature until one matches or the work allowed is done. */
final class SignatureSearch {
  private final byte[] signature;
  private final int maxAttempts;
  private final long maxBytes;
  private final Set<Cause> tried = new LinkedHashSet<>();
  private int attempts;
  private long bytes;
  private boolean complete = true;

  SignatureSearch(byte[] signature, int maxAttempts, long maxBytes) {
    this.signature = signature;
    this.maxAttempts = maxAttempts;
    this.maxBytes = maxBytes;
  }

  /** The first that matches. The candidates are made one by one, as they are asked for. */
  Optional<Candidate> first(Stream<Candidate> candidates) {
    return candidates.takeWhile(this::allows).filter(this::matches).findFirst();
  }

  private boolean allows(Candidate next) {
    complete &= attempts < maxAttempts && bytes + next.length() <= maxBytes;
    return complete;
  }

  private boolean matches(Candidate candidate) {
    attempts++;
    bytes += candidate.length();
    tried.add(candidate.cause);
    return MessageDigest.isEqual(signature, candidate.sign());
  }

  /** The causes for which at least one candidate was tried. */
  List<Cause> tried() {
    tried.remove(Cause.VERIFIES);
    return List.copyOf(tried);
  }

  int attempts() {
    return attempts;
  }

  /** False if candidates were left out because the work allowed was done. */
  boolean complete() {
    return complete;
  }
}
