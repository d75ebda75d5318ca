/// Where the time of one rank's training step goes.
public struct KernelReport: Sendable, Hashable {
    /// The images of a step.
    public let images: Int
    /// The timings, layer by layer in the order of the network, then what belongs to no layer.
    public let timings: [KernelTiming]
    /// Seconds of a whole step, the median over the repeats.
    public let stepSeconds: Double
    /// What one core does at most, in floating-point operations per second.
    public let peak: Double

    /// A report of those parts.
    public init(images: Int, timings: [KernelTiming], stepSeconds: Double, peak: Double) {
        self.images = images
        self.timings = timings
        self.stepSeconds = stepSeconds
        self.peak = peak
    }

    /// The sum of all timings: what shares are shares of. It differs a little from `stepSeconds`, since the median of a
    /// sum is not the sum of the medians.
    public var totalSeconds: Double { timings.reduce(0) { $0 + $1.seconds } }

    /// The timings of one pass, or of all, as one.
    public func total(of pass: KernelPass?) -> (seconds: Double, operations: Int, directOperations: Int) {
        timings.filter { pass == nil || $0.pass == pass }.reduce((0, 0, 0)) { sum, timing in
            (sum.0 + timing.seconds, sum.1 + timing.operations, sum.2 + timing.directOperations)
        }
    }
}
