package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.moduletest.AbstractNativeImageMetadataTest;

class NativeImageMetadataTest extends AbstractNativeImageMetadataTest {
  NativeImageMetadataTest() {
    super("klink-webhooks-verifier");
  }
}
