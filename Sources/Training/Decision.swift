/// What the driver decides after a step; every rank acts on it.
struct Decision: OptionSet, Codable {
    let rawValue: UInt8

    /// Measure the network on the test images.
    static let evaluate = Decision(rawValue: 1)
    /// Write a checkpoint.
    static let checkpoint = Decision(rawValue: 2)
    /// End the run.
    static let stop = Decision(rawValue: 4)
    /// End it because a signal asked for it.
    static let interrupt = Decision(rawValue: 8)
}
