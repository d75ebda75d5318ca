/// Where the time of a step, or of many steps, went on one rank, in seconds. The parts add up to the whole.
public struct StepAccount: Hashable, Sendable, Codable {
    private var parts = [Double](repeating: 0, count: StepPhase.allCases.count)

    /// No time.
    public init() {}

    /// An account from its parts.
    public init(_ part: (StepPhase) -> Double) {
        parts = StepPhase.allCases.map(part)
    }

    /// The seconds of one phase.
    public subscript(phase: StepPhase) -> Double {
        get { parts[Self.position(of: phase)] }
        set { parts[Self.position(of: phase)] = newValue }
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

    private static func position(of phase: StepPhase) -> Int {
        switch phase {
        case .compute: 0
        case .exchangeWork: 1
        case .exposedCommunication: 2
        case .slowestRank: 3
        case .dataWait: 4
        }
    }
}
