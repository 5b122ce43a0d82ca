package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

/** How a claim stands, as one value to compare. */
enum ClaimState {
  NEW,
  IN_PROGRESS,
  DONE;

  static ClaimState of(Claim claim) {
    assertThat(claim.isGranted() && claim.isDone()).isFalse();
    assertThat(claim.token().isEmpty()).isEqualTo(!claim.isGranted());
    if (claim.isGranted()) {
      return NEW;
    }
    return claim.isDone() ? DONE : IN_PROGRESS;
  }
}
