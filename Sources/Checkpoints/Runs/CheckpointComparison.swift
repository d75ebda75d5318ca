/// What sets the tensors of two checkpoints apart.
public struct CheckpointComparison: Sendable, Equatable {
    /// Tensors of the same shape with other elements, in the order of the first checkpoint.
    public let differences: [TensorDifference]
    /// Names of tensors that are in both, with another shape.
    public let reshaped: [String]
    /// Names of tensors that only the first one has.
    public let onlyInFirst: [String]
    /// Names of tensors that only the second one has.
    public let onlyInSecond: [String]
    /// Tensors that are in both.
    public let sharedCount: Int

    /// Compares bit by bit; the texts of the checkpoints are left out.
    public init(_ first: Checkpoint, _ second: Checkpoint) {
        let others = Dictionary(second.tensors.map { ($0.name, $0) }) { earlier, _ in earlier }
        let names = Set(first.tensors.map(\.name))
        var (differences, reshaped, onlyInFirst) = ([TensorDifference](), [String](), [String]())
        for tensor in first.tensors {
            guard let other = others[tensor.name] else {
                onlyInFirst.append(tensor.name)
                continue
            }
            if tensor.shape != other.shape {
                reshaped.append(tensor.name)
            } else if let difference = TensorDifference(tensor, other) {
                differences.append(difference)
            }
        }
        self.differences = differences
        self.reshaped = reshaped
        self.onlyInFirst = onlyInFirst
        onlyInSecond = second.tensors.map(\.name).filter { !names.contains($0) }
        sharedCount = names.count - onlyInFirst.count
    }

    /// Whether both hold the same tensors to the last bit.
    public var isIdentical: Bool {
        differences.isEmpty && reshaped.isEmpty && onlyInFirst.isEmpty && onlyInSecond.isEmpty
    }
}
