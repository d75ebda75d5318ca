/// Why no network can work with some numbers: training that has diverged leaves such ones, and bad memory.
extension NamedTensor {
    /// The words behind the tensor's name in a sentence; nil when nothing is wrong with its elements.
    ///
    /// Elements must be finite, and those of a running variance not negative.
    var flaw: String? {
        // By bit patterns and without an early end, so that the compiler turns the loop into vectors.
        var largest: UInt32 = 0
        for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
        if largest >= Float.infinity.bitPattern { return "has elements that are not finite numbers" }
        let isVariance = name.hasSuffix(".running_var")
        return isVariance && values.contains { $0 < 0 } ? "has negative elements, though it is a variance" : nil
    }
}

extension Checkpoint {
    /// What makes the state unusable, as `units.0.bn.running_var has negative elements`, by the first such tensor; nil
    /// when a run can go on from it.
    public var flaw: String? {
        for tensor in tensors {
            if let flaw = tensor.flaw { return "\(HeaderProblem.printable(tensor.name)) \(flaw)" }
        }
        return nil
    }

    /// Checks that a run can go on from the state: all elements are finite, and no running variance is negative.
    ///
    /// - Throws: `CheckpointError` naming the first tensor for which this is not so.
    public func requireUsable() throws(CheckpointError) {
        guard let flaw else { return }
        throw CheckpointError(
            .unusable,
            "\(origin) cannot be used, because \(flaw): its training had diverged. Use an earlier checkpoint.")
    }
}
