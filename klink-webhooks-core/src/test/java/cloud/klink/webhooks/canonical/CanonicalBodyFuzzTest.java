package cloud.klink.webhooks.canonical;

import com.code_intelligence.jazzer.junit.FuzzTest;

class CanonicalBodyFuzzTest {
  @FuzzTest
  void body_anyBytes_isAsTheModelHasIt(byte[] body) {
    Written.assertAgreesWithModel(body);
  }
}
