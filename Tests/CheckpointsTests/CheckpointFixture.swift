import Checkpoints
import Tensors

/// A little network's parameters with random values, and checkpoints of them.
struct CheckpointFixture {
    let table: ParameterTable
    let weights: Tensor
    let momentum: Tensor

    init(outputs: Int = 4, seed: UInt64 = 3) {
        var table = ParameterTable()
        table.declare("units.0.bn.weight", [3], role: .scale)
        table.declare("units.0.bn.bias", [3], role: .shift)
        table.declare("units.0.bn.running_mean", [3], role: .statistic)
        table.declare("units.0.bn.running_var", [3], role: .statistic)
        table.declare("units.0.conv.weight", [3, 3, 3, outputs], role: .weight, layout: .convolution)
        table.declare("units.0.conv.bias", [outputs], role: .bias)
        table.declare("classifier.weight", [2, outputs], role: .weight)
        table.declare("classifier.bias", [2], role: .bias)
        self.table = table
        weights = Self.random(table, seed: seed)
        momentum = Self.random(table, seed: seed + 1)
    }

    /// A checkpoint with weights, one slot and normalisation.
    func checkpoint(step: Int = 7) -> Checkpoint {
        var checkpoint = Checkpoint(metadata: [
            CheckpointKey.step: "\(step)", CheckpointKey.epoch: "0", CheckpointKey.plan: #"{"recipe":"article"}"#,
            CheckpointKey.data: "synthetic", CheckpointKey.program: "1.0",
        ])
        checkpoint.appendParameters(table, from: weights)
        checkpoint.appendOptimizerSlot("momentum", table, from: momentum)
        checkpoint.appendNormalization(
            mean: Tensor([1, 2, 3], values: [1, 2, 3, 4, 5, 6]),
            standardDeviation: Tensor([1, 2, 3], values: [6, 5, 4, 3, 2, 1]))
        return checkpoint
    }

    private static func random(_ table: ParameterTable, seed: UInt64) -> Tensor {
        let block = Tensor([table.blockCount])
        var stream = RandomStream(seed: seed, purpose: .initialization)
        for parameter in table.parameters {
            let isVariance = parameter.name.hasSuffix(".running_var")
            for element in parameter.range {
                let value = stream.normal()
                block.pointer[element] = isVariance ? abs(value) : value
            }
        }
        return block
    }
}

/// The error a body throws, if it is the library's.
func checkpointError(_ body: () throws -> Void) -> CheckpointError? {
    do {
        try body()
        return nil
    } catch {
        return error as? CheckpointError
    }
}
