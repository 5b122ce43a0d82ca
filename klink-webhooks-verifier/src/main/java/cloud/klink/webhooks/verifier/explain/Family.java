package cloud.klink.webhooks.verifier.explain;

import java.util.stream.Stream;

/** Causes that are looked for in one way. */
@FunctionalInterface
interface Family {
  /**
   * The candidates, from likely to unlikely. The stream is lazy where a candidate is dear, always
   * in the same order, and throws nothing, whatever the request holds.
   */
  Stream<Candidate> candidates(RefusalContext context);
}
