package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever is done in whatever order, a storage holds what a naive model does. */
public interface NaiveModelContract extends StorageUnderTest {

  @TestFactory
  default Stream<DynamicTest> anything_inAnyOrder_isAsTheModelHasIt() {
    return IntStream.range(0, 3)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
          RandomOperations order = new RandomOperations(this, seed, nextId(), T0);
          for (int step = 0; step < 120; step++) {
            order.step();
            if (step % 20 == 19) {
              order.compare();
            }
          }
          order.compare();
          order.clear();
        }));
  }
}
