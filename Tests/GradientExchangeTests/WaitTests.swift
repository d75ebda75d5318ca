import Collectives
import GradientExchange
import Granules
import Tensors
import TestSupport
import Testing
import ThreadRanks

@Suite("What communication costs a step", .endsHangs)
struct WaitTests {
    private func exchange(
        _ communicator: any Communicator, _ plan: GranulePlan, clock: (() -> Double)? = nil
    ) throws -> GradientExchange {
        var table = ParameterTable()
        table.declare("weight", [640], role: .weight)
        let subtreeCount = plan.subtrees(ofRank: communicator.rank).count
        return try GradientExchange(
            communicator: communicator, parameters: try ParameterStore(table: table, subtreeCount: subtreeCount),
            bucketByteCount: 256, clock: clock)
    }

    private func plan(ranks: Int) -> GranulePlan {
        GranulePlan(sampleCount: 128, granuleCount: 16, rankCount: ranks)
    }

    private func partials(_ plan: GranulePlan, rank: Int) -> [Double] {
        plan.subtrees(ofRank: rank).map { _ in 1 }
    }

    // Guards: the shortest time of a collective is the transfer, collective by collective, and the rest was waiting.
    @Test("splits blocked times into transfer and waiting for the slowest", arguments: [(0, 7.0), (1, 6), (2, 0)])
    func split(rank: Int, slowest: Double) {
        // [rank][collective]: rank 2 comes last everywhere, rank 1 second to last in the first collective.
        let blocked = [5, 8, 1, 4, 8, 1, 3, 3, 1].map(Double.init)
        let waits = blocked.withUnsafeBufferPointer {
            StepWaits(ofRank: rank, blocked: $0, collectiveCount: 3, exchangeWork: 0.5)
        }
        #expect(waits == StepWaits(exchangeWork: 0.5, exposedCommunication: 7, slowestRank: slowest))
    }

    // Guards: a late rank is not charged with waiting, everybody else is with exactly its delay. The clock moves by the
    // late rank's hand alone, after all others have entered the collective, so the figures are exact.
    @Test("charges a late rank's delay to those who wait for it", arguments: [2, 3, 5], [false, true])
    func lateRank(ranks: Int, comesLateToFinish: Bool) throws {
        let plan = plan(ranks: ranks)
        let late = ranks / 2
        let time = VirtualTime(ranks: ranks)
        let waits = try ThreadGroup.run(ranks: ranks) { communicator in
            let rank = communicator.rank
            let exchange = try exchange(communicator, plan, clock: time.clock(ofRank: rank))
            try exchange.begin(plan: plan)
            // Two readings are one finished collective; the third says that a rank has entered the next one.
            if rank == late { time.advance(by: 2, whenAllBut: late, haveRead: 1) }
            _ = try exchange.sum(partials(plan, rank: rank), width: 1)
            if rank == late, comesLateToFinish { time.advance(by: 0.5, whenAllBut: late, haveRead: 3) }
            try exchange.finish()
            let waits = try exchange.startSharingWaits().finish()
            try communicator.finish()
            return waits
        }
        let delay = comesLateToFinish ? 2.5 : 2
        for (rank, waits) in waits.enumerated() {
            #expect(waits.slowestRank == (rank == late ? 0 : delay), "rank \(rank)")
            #expect(waits.exposedCommunication == 0 && waits.exchangeWork == 0)
        }
    }

    // Guards: what a rank computes between starting a sum and waiting for it hides how late another rank starts it. The
    // clock moves by the late rank's hand alone, while all others are at work.
    @Test("charges nobody with a delay that work hides", arguments: [2, 3, 5], [false, true])
    func hiddenDelay(ranks: Int, isHidden: Bool) throws {
        let plan = plan(ranks: ranks)
        let late = ranks - 1
        let time = VirtualTime(ranks: ranks)
        let waits = try ThreadGroup.run(ranks: ranks) { communicator in
            let rank = communicator.rank
            let exchange = try exchange(communicator, plan, clock: time.clock(ofRank: rank))
            let atWork = try communicator.makeChannel()
            try exchange.begin(plan: plan)
            // Two readings are a started sum, the third says that a rank waits for it.
            if rank == late { time.advance(by: 3, whenAllBut: late, haveRead: isHidden ? 2 : 3) }
            let sum = try exchange.startSum(partials(plan, rank: rank), width: 1)
            if isHidden { try atWork.barrier() }
            #expect(try sum.finish() == [Double(SummationOrder(of: plan).rowCount)])
            try exchange.finish()
            let waits = try exchange.startSharingWaits().finish()
            try communicator.finish()
            return waits
        }
        for (rank, waits) in waits.enumerated() {
            #expect(waits.slowestRank == (isHidden || rank == late ? 0 : 3), "rank \(rank)")
            #expect(waits.exposedCommunication == 0 && waits.exchangeWork == 0)
        }
    }

    // Guards: with a clock that moves a second at each reading, every blocking call costs one second, and so does every
    // call that works; a new step starts from nothing.
    @Test("counts every blocking call and all work, anew at each step", arguments: [2, 3, 5])
    func everyCall(ranks: Int) throws {
        let plan = plan(ranks: ranks)
        let steps = try ThreadGroup.run(ranks: ranks) { communicator in
            var seconds = 0.0
            let exchange = try exchange(communicator, plan) {
                seconds += 1
                return seconds
            }
            var steps: [StepWaits] = []
            for sumCount in [3, 0, 1] {
                try exchange.begin(plan: plan)
                for _ in 0..<sumCount { _ = try exchange.sum(partials(plan, rank: communicator.rank), width: 1) }
                try exchange.start(320..<640)
                try exchange.start(0..<320)
                try exchange.finish()
                steps.append(try exchange.startSharingWaits().finish())
            }
            try communicator.finish()
            return steps
        }
        for waits in steps {
            #expect(waits.map(\.exposedCommunication) == [4, 1, 2])
            #expect(waits.map(\.exchangeWork) == [2, 2, 2])
            #expect(waits.map(\.slowestRank) == [1, 1, 1], "sharing the times takes one more reading")
        }
    }

    // Guards: a single rank communicates with nobody, and does not even look at the clock.
    @Test("costs a single rank nothing")
    func singleRank() throws {
        let plan = plan(ranks: 1)
        let time = VirtualTime(ranks: 1)
        let exchange = try exchange(SoloCommunicator(), plan, clock: time.clock(ofRank: 0))
        try exchange.begin(plan: plan)
        _ = try exchange.sum([1], width: 1)
        try exchange.start(0..<640)
        try exchange.finish()
        #expect(try exchange.startSharingWaits().finish() == .none)
        #expect(time.reads(ofRank: 0) == 0)
    }

    // Guards: a layer may call progress as often as it likes, at any time. Without anything on its way it costs nothing;
    // otherwise one reading of the clock, and a poll (measured by two more) at most every 0.1 ms.
    @Test("polls at most once in a while, and only when something is on its way", arguments: [2, 3])
    func pollGap(ranks: Int) throws {
        let plan = plan(ranks: ranks)
        let time = VirtualTime(ranks: ranks)
        let reads = try ThreadGroup.run(ranks: ranks) { communicator in
            let rank = communicator.rank
            let exchange = try exchange(communicator, plan, clock: time.clock(ofRank: rank))
            var reads: [Int] = []
            func progress(_ count: Int) throws {
                let before = time.reads(ofRank: rank)
                for _ in 0..<count { try exchange.progress() }
                reads.append(time.reads(ofRank: rank) - before)
            }
            try progress(10)
            try exchange.begin(plan: plan)
            try progress(10)
            // Rank 0 starts its buckets first: they stay on their way until the others start theirs.
            if rank == 0 {
                try exchange.start(0..<640)
                try progress(10)
                try communicator.barrier()
            } else {
                try communicator.barrier()
                try exchange.start(0..<640)
                reads.append(12)
            }
            try exchange.finish()
            try progress(10)
            try communicator.finish()
            return reads
        }
        #expect(reads == Array(repeating: [0, 0, 12, 0], count: ranks))
    }
}
