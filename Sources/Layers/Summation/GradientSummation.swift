import Granules
import Kernels
import Tensors

/// The sums of gradients over this rank's granules, by the fixed tree, for one layer at a time.
///
/// Every worker sums the subtrees that lie within its granules; what is left of the tree is then added up by all workers
/// together, each on its own elements. Sums that end with the same granule are made in one pass over memory. The buffers
/// serve all layers. Every sum and every summand is rounded to the format in which it would travel if the tree were cut
/// there; a granule that is a subtree by itself is rounded where it is sent.
final class GradientSummation {
    private let pool: WorkerPool
    /// Per worker: the left half of each node that is itself a right half, and a granule before it is rounded.
    private let levels: [[Workspace]]
    /// Sums of workers' subtrees that do not start one of the rank's.
    private let pieces: [Workspace]
    /// Per worker: one granule's sums, for layers that only add to them.
    private let granules: [Workspace]
    private let compression: GradientCompression

    /// Buffers for at most `granuleCount` granules and sums of `largestRun` floats.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    init(pool: WorkerPool, granuleCount: Int, compression: GradientCompression, largestRun: Int) throws(ResourceError) {
        self.pool = pool
        self.compression = compression
        var depth = 0
        while 1 << depth < granuleCount { depth += 1 }
        // A granule that is not rounded is added to where it belongs, without a buffer of its own.
        let buffered = compression == .single ? max(0, depth - 1) : depth
        levels = (0..<pool.count).map { _ in (0..<buffered).map { _ in Workspace() } }
        pieces = pool.count == 1 ? [] : (0..<min(granuleCount, pool.count * max(1, depth))).map { _ in Workspace() }
        granules = (0..<pool.count).map { _ in Workspace() }
        for workspace in levels.joined() { try workspace.reserve(largestRun) }
        for workspace in pieces + granules { try workspace.reserve(largestRun) }
    }

    /// Sums a run of the flat block over the granules of this rank, into the store's partials, for a layer that adds its
    /// gradients one by one.
    ///
    /// - Parameter add: adds one granule's gradients to `sums`, which start at zero.
    /// - Throws: what `context.progress` throws.
    func sum(
        buffered run: Range<Int>, _ context: TrainingContext,
        add: (_ granule: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
    ) throws {
        try sum(run, context) { share, granule, target, accumulate, _ in
            guard accumulate else {
                target.update(repeating: 0, count: run.count)
                return add(granule, target)
            }
            let sums = granules[share.index].pointer
            sums.update(repeating: 0, count: run.count)
            add(granule, sums)
            Elementwise.add(sums, to: target, count: run.count)
        }
    }

    /// Sums a run of the flat block over the granules of this rank, into the store's partials.
    ///
    /// - Parameter leaf: computes one granule's sum in the worker whose share it is given; it overwrites the target, or
    ///   adds in one rounding if `accumulate`, and calls `progress` where it can be held up.
    /// - Throws: what `context.progress`, called by worker 0 there and after each of its granules, throws.
    func sum(
        _ run: Range<Int>, _ context: TrainingContext,
        leaf: (
            _ share: WorkShare, _ granule: Int, _ target: UnsafeMutablePointer<Float>, _ accumulate: Bool,
            _ progress: () -> Void
        ) -> Void
    ) throws {
        let assignments = assignments(run, context)
        var failure: (any Error)?
        pool.run { share in
            func progress() {
                guard share.index == 0, failure == nil else { return }
                do { try context.progress() } catch { failure = error }
            }
            for assignment in assignments where assignment.worker == share.index {
                sum(assignment, of: context.plan.tree, levels[share.index], count: run.count) {
                    leaf(share, $0, $1, $2, progress)
                    progress()
                }
            }
        }
        if let failure { throw failure }
        guard pool.count > 1 else { return }
        pool.run { share in
            let range = share.range(of: run.count, step: ParameterTable.elementAlignment)
            for subtree in context.subtrees { merge(subtree, of: context.plan.tree, assignments, range) }
        }
    }

    private typealias Leaf = (_ granule: Int, _ target: UnsafeMutablePointer<Float>, _ accumulate: Bool) -> Void

    /// One worker's subtree and where its sum goes.
    private struct Assignment {
        let worker: Int
        let granules: Range<Int>
        let target: UnsafeMutablePointer<Float>
    }

    private func assignments(_ run: Range<Int>, _ context: TrainingContext) -> [Assignment] {
        let store = context.memory.parameters
        var result: [Assignment] = []
        var used = 0
        for (worker, subtrees) in context.workerSubtrees.enumerated() {
            for granules in subtrees {
                var target = store.gradientPartials[0].pointer + run.lowerBound
                if let index = context.subtrees.firstIndex(where: { $0.lowerBound == granules.lowerBound }) {
                    target = store.gradientPartials[index].pointer + run.lowerBound
                } else {
                    target = pieces[used].pointer
                    used += 1
                }
                result.append(Assignment(worker: worker, granules: granules, target: target))
            }
        }
        return result
    }

    /// Sums the granules of a worker's subtree from left to right. A granule that sums end with is added to their left
    /// halves in one pass over memory.
    private func sum(
        _ assignment: Assignment, of tree: GranuleTree, _ levels: [Workspace], count: Int, _ leaf: Leaf
    ) {
        // The left halves whose right ones are still to come, the last one first.
        var open: [UnsafeMutablePointer<Float>] = []
        func free() -> UnsafeMutablePointer<Float> {
            open.isEmpty ? assignment.target : levels[open.count - 1].pointer
        }
        for (granule, completed) in zip(assignment.granules, tree.completedSums(of: assignment.granules)) {
            let summands = open.prefix(completed)
            guard let lowest = summands.first, let highest = summands.last else {
                let target = free()
                leaf(granule, target, false)
                open.insert(target, at: 0)
                continue
            }
            if compression == .single {
                leaf(granule, lowest, true)
                compression.sum(lowest, completing: summands.dropFirst(), into: highest, count: count)
            } else {
                let own = free()
                leaf(granule, own, false)
                compression.sum(own, completing: summands, into: highest, count: count)
            }
            open.removeFirst(completed - 1)
        }
    }

    /// Adds up some elements of the workers' subtrees under one of the rank's.
    private func merge(
        _ subtree: Range<Int>, of tree: GranuleTree, _ assignments: [Assignment], _ elements: Range<Int>
    ) {
        let start = elements.lowerBound
        _ = tree.sum(of: subtree, known: { node in assignments.first { $0.granules == node }?.target }) { left, right in
            compression.sum(left + start, right + start, into: left + start, count: elements.count)
        }
    }
}
