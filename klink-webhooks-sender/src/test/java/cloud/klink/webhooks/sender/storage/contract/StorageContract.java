package cloud.klink.webhooks.sender.storage.contract;

/** Everything that a storage must do. Extend it, and say what the storage can do beyond. */
public abstract class StorageContract
    implements WebhookContract,
        PublishContract,
        HandOffContract,
        ClaimContract,
        ClaimLimitContract,
        ClaimBytesContract,
        LeaseContract,
        EndContract,
        RecordContract,
        PauseContract,
        AttemptContract,
        ReadContract,
        SurveyContract,
        RedeliverContract,
        PublishToContract,
        TraceContract,
        PurgeContract,
        NaiveModelContract,
        SearchContract,
        CountContract,
        StatisticsContract,
        OverviewContract,
        CapabilityContract {}
