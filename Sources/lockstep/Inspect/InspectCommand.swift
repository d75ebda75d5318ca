import Checkpoints
import Collectives
import CommandLineArguments
import Foundation
import Reports
import Tensors
import Training

/// `lockstep inspect CHECKPOINT`: what a checkpoint holds.
struct InspectCommand: Command {
    static let definition = CommandDefinition(
        "inspect", summary: "show what a checkpoint holds: its plan, position and tensors",
        discussion: "The file is read and its digest checked; nothing is changed.",
        positionals: [CheckpointArgument.definition])

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        try RankAgreement(communicator).fromDriver {
            try Console.write(Self.text(CheckpointArgument.read(arguments[CheckpointArgument.definition])))
        }
    }

    static func text(_ checkpoint: Checkpoint) -> String {
        var text = "\(checkpoint.origin)\n"
        let shown = checkpoint.metadata.keys.filter {
            $0 != CheckpointKey.plan && !$0.hasPrefix(CheckpointKey.tensorDigestPrefix)
        }
        for key in shown.sorted() {
            text += "\(key): \(checkpoint.metadata[key] ?? "")\n"
        }
        for part in CheckpointPart.allCases {
            text += "SHA-256 of \(part.rawValue): \(checkpoint.digest(of: part))\n"
        }
        if let plan = checkpoint.metadata[CheckpointKey.plan].flatMap({ try? TrainingPlan(json: $0) }) {
            text += "plan: \(plan.prettyJSON)\n"
        }
        var table = Table([
            .init("Tensor"), .init("Shape", .right), .init("Elements", .right), .init("Mean", .right),
            .init("Largest", .right), .init("SHA-256 begins"),
        ])
        for tensor in checkpoint.tensors {
            let mean = tensor.values.reduce(0.0) { $0 + Double($1) } / Double(max(1, tensor.values.count))
            let largest = tensor.values.reduce(Float(0)) { max($0, abs($1)) }
            table.addRow([
                tensor.name, tensor.shape.description, NumberFormat.grouped(tensor.values.count),
                String(format: "%.4g", mean), String(format: "%.4g", largest),
                String(tensor.values.withUnsafeBytes { SHA256.hexDigest($0) }.prefix(12)),
            ])
        }
        return text + "\n" + table.text + "\n"
    }
}
