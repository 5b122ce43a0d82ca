package cloud.klink.webhooks.sender.simulation;

/** Something that people asked a node for. */
record Call(int number, String what, long startedAt) {}
