/// The mean of the last few values.
public struct RollingAverage: Sendable {
    private let capacity: Int
    private var values: [Double] = []
    private var next = 0

    /// A mean over at most `capacity` values, at least 1.
    public init(capacity: Int) {
        precondition(capacity > 0, "an average needs at least one value")
        self.capacity = capacity
    }

    /// Takes in a value; the oldest one leaves when there is no room.
    public mutating func add(_ value: Double) {
        if values.count < capacity {
            values.append(value)
        } else {
            values[next] = value
        }
        next = (next + 1) % capacity
    }

    /// The mean, or nil before the first value. It is summed anew each time, so that no rounding builds up.
    public var value: Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
