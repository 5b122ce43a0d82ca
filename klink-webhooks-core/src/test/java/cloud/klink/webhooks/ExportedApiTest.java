package cloud.klink.webhooks;

import cloud.klink.webhooks.moduletest.AbstractExportedApiTest;

/** The exported API of this module is as {@code api.txt} has it. */
class ExportedApiTest extends AbstractExportedApiTest {

  ExportedApiTest() {
    super(WebhookException.class);
  }
}
