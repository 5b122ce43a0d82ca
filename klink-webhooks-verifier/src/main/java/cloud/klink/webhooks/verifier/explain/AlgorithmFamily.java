package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.stream.Stream;

/** Another algorithm than HMAC-SHA256. */
final class AlgorithmFamily implements Family {
  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    return Stream.of(
            context.algorithm(Cause.ALGORITHM_SWAPPED, Algorithm.SWAPPED),
            context.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.SECRET_FIRST),
            context.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.SECRET_LAST),
            context.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.NO_SECRET),
            context.algorithm(Cause.ALGORITHM_OTHER, Algorithm.HMAC_SHA512_256),
            context.algorithm(Cause.ALGORITHM_OTHER, Algorithm.HMAC_SHA3_256))
        .flatMap(candidates -> candidates);
  }

  /** For a signature whose length is another algorithm's. */
  static Stream<Candidate> ofLength(RefusalContext context, int bytes) {
    List<Algorithm> fitting = switch (bytes) {
      case 16 -> List.of(Algorithm.HMAC_MD5);
      case 20 -> List.of(Algorithm.HMAC_SHA1);
      case 48 -> List.of(Algorithm.HMAC_SHA384);
      case 64 -> List.of(Algorithm.HMAC_SHA512);
      default -> List.of();
    };
    return fitting.stream()
        .flatMap(algorithm -> context.algorithm(Cause.ALGORITHM_OTHER, algorithm));
  }
}
