package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.stream.Stream;

/** Another algorithm than HMAC-SHA256. */
final class AlgorithmFamily implements Family {
  @Override
  public Stream<Candidate> candidates(RefusalContext situation) {
    return Stream.of(
            situation.algorithm(Cause.ALGORITHM_SWAPPED, Algorithm.SWAPPED),
            situation.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.SECRET_FIRST),
            situation.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.SECRET_LAST),
            situation.algorithm(Cause.ALGORITHM_PLAIN_HASH, Algorithm.NO_SECRET),
            situation.algorithm(Cause.ALGORITHM_OTHER, Algorithm.HMAC_SHA512_256),
            situation.algorithm(Cause.ALGORITHM_OTHER, Algorithm.HMAC_SHA3_256))
        .flatMap(candidates -> candidates);
  }

  /** For a signature whose length is another algorithm's. */
  static Stream<Candidate> ofLength(RefusalContext situation, int bytes) {
    List<Algorithm> fitting = switch (bytes) {
      case 16 -> List.of(Algorithm.HMAC_MD5);
      case 20 -> List.of(Algorithm.HMAC_SHA1);
      case 48 -> List.of(Algorithm.HMAC_SHA384);
      case 64 -> List.of(Algorithm.HMAC_SHA512);
      default -> List.of();
    };
    return fitting.stream()
        .flatMap(algorithm -> situation.algorithm(Cause.ALGORITHM_OTHER, algorithm));
  }
}
