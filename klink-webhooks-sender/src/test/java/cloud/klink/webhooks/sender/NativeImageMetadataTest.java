package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.moduletest.AbstractNativeImageMetadataTest;

class NativeImageMetadataTest extends AbstractNativeImageMetadataTest {
  NativeImageMetadataTest() {
    super("klink-webhooks-sender");
  }
}
