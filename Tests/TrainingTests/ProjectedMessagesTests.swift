import Collectives
import GradientExchange
import Layers
import Measurements
import Projection
import Tensors
import TestSupport
import Testing
import Training
import ThreadRanks

@Suite("The messages that a projection counts", .endsHangs)
struct ProjectedMessagesTests {
    // Guards: the model of a step sends what a real step sends: as many sums that all wait for, as many all-to-alls and
    // all-gathers of buckets, as many sums of floats, and as many bytes of them as the busiest rank really has.
    @Test(arguments: [2, 3, 5], [ReductionOrder.ordered, .fast])
    func realStepAgrees(ranks: Int, reduction: ReductionOrder) throws {
        let plan = SmallRun.plan { $0.reduction = reduction }
        let shape = StepShape(
            try Network(plan.architecture, maximumImages: 1), normalization: plan.normalization,
            bucketBytes: plan.bucketBytes, reduction: plan.reduction, compression: .single, granules: plan.granules)
        // A byte takes a second: the time of a bucket's all-to-all is the bytes of the busiest rank.
        let program = StepProgram(
            shape, Self.profile(shape), NetworkModel(name: "", latency: 0, secondsPerByte: 1),
            globalBatch: plan.globalBatch, ranks: ranks)
        let sums = program.events.count { event in
            switch event {
            case .statistics, .loss: true
            default: false
            }
        }
        let counts = try ThreadGroup.run(ranks: ranks) { communicator in
            let counting = CountingCommunicator(communicator)
            _ = try ThroughputBenchmark(plan, communicator: counting, warmupSteps: 0, steps: 1).run()
            try communicator.finish()
            let channels = counting.channels
            return (
                // One of them shares the waiting times.
                sums: counting.startedGathers.count - 1 + counting.startedSmallSums, others: counting.otherOperations,
                scattered: channels[0].scatteredByteCounts, floatSums: channels[0].otherOperations,
                gathered: channels.last!.startedGathers.count
            )
        }
        #expect(sums == shape.smallSums)
        // Before the step, ranks agree twice: that each has its replica, and its images.
        for count in counts {
            #expect(count.sums == sums && count.others == 2)
            #expect(count.floatSums == program.buckets.count)
            #expect(count.gathered == (reduction == .ordered ? program.buckets.count : 0))
        }
        guard reduction == .ordered else { return }
        for (bucket, operations) in program.buckets.enumerated() {
            let busiest = counts.map { $0.scattered[bucket] }.max() ?? 0
            // A rank may receive more than any sends.
            #expect(operations.count == 2 && Int(operations[0].transfer) >= busiest)
            #expect(Int(operations[0].transfer) <= 2 * busiest)
        }
    }

    private static func profile(_ shape: StepShape) -> StepProfile {
        StepProfile(
            layers: shape.layers.map { _ in .init(forward: .init(.none), backward: .init(.none)) }, loss: .none,
            update: .none)
    }
}
