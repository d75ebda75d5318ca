import Checkpoints
import Collectives
import CommandLineArguments
import Failures
import Foundation
import Reports
import Training

/// `lockstep compare A B`: which tensors of two checkpoints differ, and by how much.
struct CompareCommand: Command {
    static let definition = CommandDefinition(
        "compare", summary: "say which tensors of two checkpoints differ, and by how much",
        discussion: "Every bit counts. Ends with 0 when all tensors are the same, with 10 when they differ.",
        positionals: [first, second])

    private static let first = PositionalDefinition("A", help: CheckpointArgument.help)
    private static let second = PositionalDefinition("B", help: "the one to compare it with")

    let arguments: ParsedArguments
    let communicator: any Communicator

    /// - Throws: `RunFailure` with `ExitCode.different` after the table when they differ.
    func run() throws {
        let isIdentical = try RankAgreement(communicator).fromDriver {
            let first = try CheckpointArgument.read(arguments[Self.first])
            let second = try CheckpointArgument.read(arguments[Self.second])
            let comparison = CheckpointComparison(first, second)
            try Console.write(Self.text(comparison, first, second))
            return comparison.isIdentical
        }
        guard !isIdentical else { return }
        throw RunFailure(
            .different, "The checkpoints differ; 'lockstep inspect' shows the plan and position of each.",
            isShared: true)
    }

    static func text(_ comparison: CheckpointComparison, _ first: Checkpoint, _ second: Checkpoint) -> String {
        var text = "A: \(first.origin)\nB: \(second.origin)\n"
        let count = NumberFormat.counted(comparison.sharedCount, "tensor")
        guard !comparison.isIdentical else { return text + "Identical: \(count), the same to the last bit.\n" }
        for name in comparison.onlyInFirst { text += "Only in A: \(name)\n" }
        for name in comparison.onlyInSecond { text += "Only in B: \(name)\n" }
        for name in comparison.reshaped {
            text += "Another shape: \(name), \(first[name]!.shape) in A and \(second[name]!.shape) in B\n"
        }
        let different = comparison.differences.count
        text += "\(different) of \(count) in both with other elements.\n"
        guard different > 0 else { return text }
        var table = Table([
            .init("Tensor"), .init("Elements", .right), .init("Differing", .right), .init("Largest |B − A|", .right),
            .init("‖B − A‖ / ‖A‖", .right),
        ])
        for difference in comparison.differences {
            table.addRow([
                difference.name, NumberFormat.grouped(difference.elementCount),
                NumberFormat.grouped(difference.differingCount), String(format: "%.3g", difference.largest),
                String(format: "%.3g", difference.relativeNorm),
            ])
        }
        return text + "\n" + table.text + "\n"
    }
}
