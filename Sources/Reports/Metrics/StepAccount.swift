/// What a rank does or waits for during a step. Every moment of a step belongs to exactly one.
///
/// The raw value is the key of its seconds in `metrics.jsonl` and in the benchmarks' JSON.
public enum StepPhase: String, CodingKey, Sendable, CaseIterable {
    /// Forward, backward and the update of the weights.
    case compute = "compute_seconds"
    /// Work for the exchange during backward: packing, handing over to the transport, adding up.
    case exchangeWork = "exchange_work_seconds"
    /// Transfers between ranks that backward did not hide.
    case exposedCommunication = "exposed_communication_seconds"
    /// Waiting for ranks that came later.
    case slowestRank = "slowest_rank_seconds"
    /// Waiting for the next batch.
    case dataWait = "data_wait_seconds"

    /// The column of a table, which has little room.
    public var title: String { texts.title }
    /// Its name within a line.
    public var name: String { texts.name }
    /// What the time was for, beside a plot.
    public var words: String { texts.words }

    private var texts: (title: String, name: String, words: String) {
        switch self {
        case .compute: ("Compute", "compute", "compute")
        case .exchangeWork: ("Exchange work", "exchange work", "exchange work")
        case .exposedCommunication: ("Exposed", "exposed communication", "exposed communication")
        case .slowestRank: ("Slowest rank", "slowest rank", "waiting for the slowest rank")
        case .dataWait: ("Data", "data", "waiting for data")
        }
    }
}

/// Where the time of a step, or of many steps, went on one rank, in seconds. The parts add up to the whole.
public struct StepAccount: Hashable, Sendable {
    private var parts = [Double](repeating: 0, count: StepPhase.allCases.count)

    /// No time.
    public init() {}

    /// An account from its parts.
    public init(_ part: (StepPhase) -> Double) {
        parts = StepPhase.allCases.map(part)
    }

    /// The seconds of one phase.
    public subscript(phase: StepPhase) -> Double {
        get { parts[StepPhase.allCases.firstIndex(of: phase)!] }
        set { parts[StepPhase.allCases.firstIndex(of: phase)!] = newValue }
    }

    /// The seconds of all phases.
    public var total: Double { parts.reduce(0, +) }

    /// Adds another account, for example a step's to its epoch's.
    public mutating func add(_ other: StepAccount) {
        for (position, seconds) in other.parts.enumerated() { parts[position] += seconds }
    }

    /// Counts seconds of one phase to another, for time that was measured inside it.
    public mutating func move(_ seconds: Double, from source: StepPhase, to target: StepPhase) {
        self[source] -= seconds
        self[target] += seconds
    }

    /// The account of one of `count` like parts, such as the mean step of an epoch.
    public func divided(by count: Int) -> StepAccount {
        StepAccount { self[$0] / Double(max(1, count)) }
    }

    /// The median of each phase by itself, so that the parts need not add up to the median of the totals; the mean of
    /// the two middle values for an even number of accounts, and no time without any.
    public static func median(of accounts: [StepAccount]) -> StepAccount {
        guard !accounts.isEmpty else { return StepAccount() }
        return StepAccount { phase in accounts.map { $0[phase] }.median }
    }
}

/// One member for each phase, in their order.
extension StepAccount: Codable, InlineEncodable {
    /// Reads an account. A phase that is missing or null, as in the files of earlier versions, is not a number.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: StepPhase.self)
        for phase in StepPhase.allCases {
            self[phase] = try members.decodeIfPresent(Double.self, forKey: phase) ?? .nan
        }
    }

    /// Writes the seconds of each phase.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: StepPhase.self)
        for phase in StepPhase.allCases { try members.encode(self[phase], forKey: phase) }
    }
}
