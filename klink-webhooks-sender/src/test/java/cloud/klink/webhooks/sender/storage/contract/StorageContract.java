package cloud.klink.webhooks.sender.storage.contract;

/** Everything that a storage must do. Extend it, and say what the storage can do beyond. */
public abstract class StorageContract
    implements WebhookContract,
        PublishContract,
        HandOffContract,
        ClaimContract,
        LimitContract,
        BytesContract,
        LeaseContract,
        EndContract,
        RecordContract,
        PauseContract,
        AttemptContract,
        LookContract,
        SurveyContract,
        RedeliverContract,
        PublishToContract,
        PurgeContract,
        AgainModelContract,
        SearchContract,
        CountContract,
        CapabilityContract {}
