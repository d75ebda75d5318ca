/// What a rank does or waits for during a step. Every moment of a step belongs to exactly one.
///
/// The raw value followed by `_seconds` is the key in `metrics.jsonl` and in the benchmark's JSON.
public enum StepPhase: String, Sendable, CaseIterable {
    /// Forward, backward and the update of the weights.
    case compute
    /// Work for the exchange during backward: packing, handing over to the transport, adding up.
    case exchangeWork = "exchange_work"
    /// Transfers between ranks that backward did not hide.
    case exposedCommunication = "exposed_communication"
    /// Waiting for ranks that came later.
    case slowestRank = "slowest_rank"
    /// Waiting for the next batch.
    case dataWait = "data_wait"

    /// The key of its seconds in JSON.
    public var key: String { rawValue + "_seconds" }
}
