import Collectives
import Failures
import Foundation
import Reports

/// Lets the faults of `--inject` strike, each once in a run: what has struck is written to the run directory, so that a
/// resumed run goes on without it.
package final class FaultInjection {
    /// The file of a run directory that says what has struck.
    package static let recordName = "injected.txt"

    private let agreement: RankAgreement
    private let communicator: any Communicator
    private let record: String
    private var pending: [Fault]

    /// Finds out which faults have struck before; every rank calls it with the same ones.
    init(_ faults: [Fault], directory: String, communicator: any Communicator) throws {
        self.communicator = communicator
        agreement = RankAgreement(communicator)
        let record = directory + "/" + Self.recordName
        self.record = record
        let struck = try agreement.fromDriver {
            (try? String(contentsOfFile: record, encoding: .utf8)) ?? ""
        }
        let lines = Set(struck.split(separator: "\n").map(String.init))
        pending = faults.filter { !lines.contains($0.text) }
    }

    /// Lets strike what is due at the start of `step`, counted from 1; every rank calls it.
    func strike(_ trainer: Trainer, step: Int) throws {
        for fault in try take({ $0.kind != .corruptCheckpoint && $0.step == step })
        where fault.rank == communicator.rank {
            switch fault.kind {
            case .kill: kill(getpid(), SIGKILL)
            case .stall: while true { sleep(1) }
            case .diverge:
                let weight = trainer.network.parameters.values.pointer
                weight.pointee = Float(bitPattern: weight.pointee.bitPattern ^ 1)
            case .corruptCheckpoint: break
            }
        }
    }

    /// Turns a bit in the middle of the checkpoint that was written last, if that is due after `step` steps.
    ///
    /// - Parameter newest: the path of the checkpoint once it is on disk; asked for on rank 0 only.
    func corrupt(step: Int, newest: () throws -> String) throws {
        guard try !take({ $0.kind == .corruptCheckpoint && $0.step <= step }).isEmpty else { return }
        try agreement.fromDriver {
            let file = URL(fileURLWithPath: try newest())
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
        }
    }

    /// Takes faults out and notes that they have struck, before they do: a rank that is killed notes nothing.
    private func take(_ isDue: (Fault) -> Bool) throws -> [Fault] {
        let due = pending.filter(isDue)
        guard !due.isEmpty else { return [] }
        pending.removeAll(where: isDue)
        try agreement.fromDriver {
            try append(due.map { $0.text + "\n" }.joined())
        }
        return due
    }

    /// Adds to the record, and through it where it is a link to a file elsewhere.
    private func append(_ lines: String) throws(RunFailure) {
        let descriptor = open(record, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, write(descriptor, lines, lines.utf8.count) == lines.utf8.count, fsync(descriptor) == 0
        else {
            throw RunFailure(
                .output,
                "\(record) cannot be written: \(SystemReason.last). Without it a fault of --inject would "
                    + "strike again; make the file writable.")
        }
    }
}
