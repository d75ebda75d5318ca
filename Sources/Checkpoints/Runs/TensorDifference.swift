/// By how much a tensor of one checkpoint differs from that of the same name in another.
public struct TensorDifference: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// The elements of the first one.
    public let elementCount: Int
    /// The elements whose bits differ, a zero of the other sign included.
    public let differingCount: Int
    /// The largest |b − a|; NaN when an element is NaN in one of them only.
    public let largest: Double
    /// ‖b − a‖ / ‖a‖ in the Euclidean norm; infinite when a is zero.
    public let relativeNorm: Double

    /// Compares two tensors of the same shape; nil when every bit is the same.
    init?(_ first: NamedTensor, _ second: NamedTensor) {
        var (differing, largest, squares, reference) = (0, 0.0, 0.0, 0.0)
        for (a, b) in zip(first.values, second.values) {
            reference += Double(a) * Double(a)
            guard a.bitPattern != b.bitPattern else { continue }
            differing += 1
            let difference = abs(Double(b) - Double(a))
            squares += difference * difference
            // Written so that a NaN stays.
            if !(difference <= largest), !largest.isNaN { largest = difference }
        }
        guard differing > 0 else { return nil }
        name = first.name
        elementCount = first.values.count
        differingCount = differing
        self.largest = largest
        relativeNorm = squares == 0 ? 0 : (squares / reference).squareRoot()
    }
}
