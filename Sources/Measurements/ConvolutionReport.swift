/// Every convolution of the table by every algorithm that can do it.
public struct ConvolutionReport: Sendable, Hashable {
    /// The images of a call.
    public let images: Int
    /// The timings, in the order of the table.
    public let timings: [ConvolutionTiming]
    /// What one core does at most, in floating-point operations per second.
    public let peak: Double

    /// A report of those parts.
    public init(images: Int, timings: [ConvolutionTiming], peak: Double) {
        self.images = images
        self.timings = timings
        self.peak = peak
    }

    /// What lies further from the reference than it may, in words.
    public var refusals: [String] {
        timings.flatMap { timing in
            timing.deviations.filter { !$0.isAccepted }.map {
                "\($0.result.rawValue) of \(timing.convolution) by \(timing.algorithm.rawValue)"
            }
        }
    }
}
