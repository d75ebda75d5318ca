/// Images per second over the last few steps.
public struct ThroughputMeter: Sendable {
    private var images: RollingAverage
    private var seconds: RollingAverage

    /// A meter over at most `window` steps.
    public init(window: Int = 20) {
        images = RollingAverage(capacity: window)
        seconds = RollingAverage(capacity: window)
    }

    /// Takes in a step: the images of the global batch and the seconds it took.
    public mutating func add(images count: Int, seconds duration: Double) {
        images.add(Double(count))
        seconds.add(duration)
    }

    /// All images over all seconds of the window, or nil before any time has passed.
    public var imagesPerSecond: Double? {
        guard let images = images.value, let seconds = seconds.value, seconds > 0 else { return nil }
        return images / seconds
    }
}
