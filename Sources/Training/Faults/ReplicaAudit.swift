import Collectives
import Failures
import Layers
import Tensors

/// Compares the replicas of all ranks: weights, optimiser state, running statistics, the counted steps and the seed of the
/// random draws must be the same to the last bit.
///
/// Each rank hashes its state and one number a rank travels; only when they differ do the hashes of single tensors.
struct ReplicaAudit {
    private let trainer: Trainer
    private let communicator: any Communicator

    /// Audits the replica of `trainer` against those of the other ranks.
    init(_ trainer: Trainer, over communicator: any Communicator) {
        self.trainer = trainer
        self.communicator = communicator
    }

    /// Compares all ranks after `step` steps; every rank calls it. `lastGood` is the step after which they last agreed.
    ///
    /// - Throws: `RunFailure` with `ExitCode.replicasDiffer`, the same on every rank, naming ranks and tensors.
    func requireSame(step: Int, lastGood: Int) throws {
        guard communicator.size > 1 else { return }
        let parts = parts(step: step)
        var whole = QuickHash()
        for part in parts { whole.add(part.hash) }
        let hashes = try communicator.allGather(Self.bytes([whole.value]))
        guard Set(hashes).count > 1 else { return }
        let tensors = try communicator.allGather(Self.bytes(parts.map(\.hash)))
        let hosts = try communicator.allGather(Array(communicator.hostName.utf8))
        throw RunFailure(
            .replicasDiffer,
            Self.sentence(
                names: parts.map(\.name), hashes: tensors, hosts: hosts.map { String(decoding: $0, as: UTF8.self) },
                step: step, lastGood: lastGood), isShared: true)
    }

    /// What is compared, by the names that checkpoints use.
    private func parts(step: Int) -> [(name: String, hash: UInt64)] {
        let network = trainer.network
        let table = network.parameters.table
        var parts = Self.hashes(table, network.parameters.values, prefix: "")
        for slot in trainer.optimizer.slots {
            parts += Self.hashes(table, slot.block, prefix: "optimizer.\(slot.name).")
        }
        // With local statistics every rank has its own.
        if trainer.plan.normalization == .synchronized {
            parts += Self.hashes(network.statisticsTable, network.statistics, prefix: "")
        }
        var counters = QuickHash()
        for number in [step, trainer.optimizer.stepCount] { counters.add(UInt64(number)) }
        counters.add(trainer.plan.seed)
        return parts + [("the steps counted", counters.value)]
    }

    private static func hashes(_ table: ParameterTable, _ block: Tensor, prefix: String) -> [(
        name: String, hash: UInt64
    )] {
        table.parameters.map { parameter in
            var hash = QuickHash()
            hash.add(
                UnsafeBufferPointer(start: block.pointer + parameter.range.lowerBound, count: parameter.range.count))
            return (prefix + parameter.name, hash.value)
        }
    }

    /// Names the ranks outside the largest group that agrees, or all of them where no group is more than half.
    static func sentence(names: [String], hashes: [[UInt8]], hosts: [String], step: Int, lastGood: Int) -> String {
        let groups = Dictionary(grouping: hashes.indices) { hashes[$0] }
        let largest = groups.values.max { $0.count < $1.count } ?? []
        let isMajority = 2 * largest.count > hashes.count
        let named = hashes.indices.filter { !isMajority || !largest.contains($0) }
        let differing = names.indices.filter { place in
            let bytes = place * 8..<place * 8 + 8
            return Set(hashes.map { Array($0[bytes]) }).count > 1
        }
        let others = differing.count > 1 ? " and \(differing.count - 1) more" : ""
        let verb = differing.count > 1 ? "differ" : "differs"
        let tensors = "\(differing.first.map { names[$0] } ?? "the state")\(others)"
        let who = named.map { "rank \($0) on \(hosts[$0])" }.joined(separator: ", ")
        let verdict =
            isMajority
            ? "\(who.prefix(1).uppercased())\(who.dropFirst()) no longer \(named.count == 1 ? "holds" : "hold") what the other "
                + "ranks hold: \(tensors) \(verb) after step \(step)."
            : "The ranks no longer hold the same state, and which is right cannot be told (\(who)): \(tensors) \(verb) after "
                + "step \(step)."
        return verdict
            + " They agreed after step \(lastGood), and no checkpoint is newer than that. Check the memory of these "
            + "machines, then go on with --resume."
    }

    private static func bytes(_ numbers: [UInt64]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
