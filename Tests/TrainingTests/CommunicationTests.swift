import Collectives
import Foundation
import GradientExchange
import Granules
import Measurements
import Reports
import Tensors
import TestSupport
import Testing
import Training
import ThreadRanks

@Suite("What a step sends, and where its time goes", .endsHangs)
struct CommunicationTests {
    // Guards: one message a layer and pass for batch-norm statistics. Forward sends sums, squares and the count together
    // (2 C + 1 values), the loss travels with the right answers and the wish to stop, backward sends both sums together
    // (2 C), and the waiting times travel last, a number for each of these and the end of the exchange. All of it is
    // started before it is waited for.
    @Test(arguments: [2, 3, 5])
    func oneMessageALayer(ranks: Int) throws {
        let steps = 3
        let plan = SmallRun.plan()
        let shares = GranulePlan(sampleCount: plan.globalBatch, granuleCount: plan.granules, rankCount: ranks)
        let rowSize = shares.subtreesByRank.reduce(0) { $0 + $1.count } * MemoryLayout<Double>.stride
        // Units of 3 and 16 input channels.
        let sums = [2 * 3 + 1, 2 * 16 + 1, 3, 2 * 16, 2 * 3].map { $0 * rowSize }
        let expected = sums + [ranks * (sums.count + 1) * MemoryLayout<Double>.stride]
        let counts = try ThreadGroup.run(ranks: ranks) { communicator in
            let counting = CountingCommunicator(communicator)
            _ = try ThroughputBenchmark(plan, communicator: counting, warmupSteps: 0, steps: steps).run()
            try communicator.finish()
            return (counting.startedGathers, counting.otherOperations)
        }
        // Before the first step, ranks agree twice: that each has its replica, and its images.
        for (started, others) in counts {
            #expect(started == Array(repeating: expected, count: steps).flatMap { $0 } && others == 2)
        }
    }

    // Guards: gradients do not stand in the way of the small sums behind them. However many buckets are ready, only a few
    // leave before the step waits for all.
    @Test(arguments: [2, 3, 5], ReductionOrder.allCases)
    func fewBucketsTravel(ranks: Int, reduction: ReductionOrder) throws {
        let plan = GranulePlan(sampleCount: 128, granuleCount: 16, rankCount: ranks)
        let started = try ThreadGroup.run(ranks: ranks) { communicator in
            let counting = CountingCommunicator(communicator)
            let subtreeCount = plan.subtrees(ofRank: communicator.rank).count
            var table = ParameterTable()
            table.declare("weight", [640], role: .weight)
            let exchange = try GradientExchange(
                communicator: counting, parameters: try ParameterStore(table: table, subtreeCount: subtreeCount),
                bucketByteCount: 64, reduction: reduction)
            try exchange.begin(plan: plan)
            try exchange.start(0..<640)
            let early = counting.channels[0].otherOperations
            _ = try exchange.sum(Array(repeating: 1, count: subtreeCount), width: 1)
            try exchange.finish()
            try communicator.finish()
            return [early, counting.channels[0].otherOperations]
        }
        #expect(started == Array(repeating: [BucketWindow.least, 40], count: ranks))
    }

    // Guards: a step's parts are parts of it: none is negative, they add up to its seconds, and a single rank spends
    // nothing on others. The steps of an epoch add up to the epoch's.
    @Test(arguments: [1, 3, 5])
    func partsAddUp(ranks: Int) throws {
        let run = try SmallRun()
        try run.train(SmallRun.plan(), run.options("run"), ranks: ranks)
        let records = try run.metrics(run.options("run"))
        let steps = records.compactMap(\.stepMetrics)
        #expect(steps.count == 6)
        for step in steps {
            let parts = StepPhase.allCases.map { step.account[$0] }
            #expect(parts.allSatisfy { $0 >= 0 } && step.account[.compute] > 0)
            #expect(abs(parts.reduce(0, +) - step.seconds) <= 1e-9)
            let communication = [.exchangeWork, .exposedCommunication, .slowestRank].map { step.account[$0] }
            if ranks == 1 {
                #expect(communication == [0, 0, 0])
            } else {
                #expect(communication[0] > 0 && communication[1] > 0)
            }
        }
        for epoch in records.compactMap(\.epochMetrics) {
            let own = steps.filter { $0.epoch == epoch.epoch }
            #expect(epoch.steps == own.count)
            for phase in StepPhase.allCases {
                #expect(abs(epoch.account[phase] - own.reduce(0) { $0 + $1.account[phase] }) <= 1e-9)
            }
        }
    }

    // Guards: the wall time of a benchmark's steps is what the accounts add up to, on every rank.
    @Test(arguments: [1, 3])
    func accountsCoverTheWallTime(ranks: Int) throws {
        let covered = try ThreadGroup.run(ranks: ranks) { communicator in
            let start = MonotonicClock.seconds
            let steps = try ThroughputBenchmark(
                SmallRun.plan(), communicator: communicator, warmupSteps: 0, steps: 4
            ).run()
            try communicator.finish()
            return (steps.reduce(0) { $0 + $1.total }, MonotonicClock.seconds - start, steps.count)
        }
        for (total, wall, count) in covered {
            #expect(count == 4 && total > 0 && total <= wall)
        }
    }

    // Guards: the ranks' medians reach every rank, and the one that works longest is the one the others wait for.
    @Test(arguments: [1, 3, 5])
    func ranksAreCompared(ranks: Int) throws {
        let slowest = ranks / 2
        let gathered = try ThreadGroup.run(ranks: ranks) { communicator in
            let rank = communicator.rank
            let compute = rank == slowest ? 100 : Double(10 + rank)
            let steps = [1.0, 3, 2].map { factor in
                StepAccount { $0 == .compute ? compute * factor : $0 == .exchangeWork ? 1 : 0.25 }
            }
            return try RankAccounts(steps, over: communicator)
        }
        for accounts in gathered {
            #expect(accounts == gathered[0] && accounts.byRank.count == ranks)
            #expect(accounts.slowestRank == slowest)
            #expect(accounts.byRank[slowest][.compute] == 200)
            #expect(accounts.mean[.exchangeWork] == 1 && accounts.mean[.dataWait] == 0.25)
        }
        if ranks > 1 { #expect(gathered[0].fastestRank == 0) }
    }

    // Guards: what layers will call while they compute is harmless at any time, on a trainer that has not begun too.
    @Test(arguments: [1, 3])
    func progressAtAnyTime(ranks: Int) throws {
        _ = try ThreadGroup.run(ranks: ranks) { communicator in
            let trainer = try Trainer(SmallRun.plan(), communicator: communicator, stepsPerEpoch: 1)
            for _ in 0..<3 { try trainer.exchange.progress() }
            try communicator.finish()
        }
    }
}
