import Checkpoints
import Collectives
import Failures
import Granules
import Kernels
import Reports
import Testing
import Training
import ThreadRanks

@Suite("Unequal ranks")
struct BalanceTests {
    /// Trains a plan on one rank and with a balance, and compares all that the newest checkpoints hold.
    private func expectSameRun(
        _ plan: TrainingPlan = SmallRun.plan(), ranks: Int, threads: Int = 1, _ balance: Balance
    ) throws {
        let run = try SmallRun()
        try run.train(plan, run.options("one"), ranks: 1)
        let options = run.options("many") {
            $0.balance = balance
            $0.threads = threads
        }
        try run.train(plan, options, ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(options))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
    }

    // Guards the first promise with shares in proportion to speeds: augmentation, dropout, synchronized batch norm, a
    // short last batch; given speeds and measured ones, with threads, too.
    @Test(arguments: [
        (2, 1, Balance.speeds([3, 1])), (3, 1, .speeds([1, 5, 2])), (5, 1, .speeds([9, 1, 1, 1, 4])),
        (2, 3, .speeds([4, 1])), (2, 1, .measured), (3, 1, .measured), (5, 1, .measured),
    ])
    func sharesChangeNothing(ranks: Int, threads: Int, balance: Balance) throws {
        try expectSameRun(ranks: ranks, threads: threads, balance)
    }

    // Guards the same for micro-batches, whose granules may be smaller than one image.
    @Test func accumulationToo() throws {
        try expectSameRun(SmallRun.plan { $0.accumulation = 3 }, ranks: 3, .speeds([1, 6, 2]))
    }

    // Guards the same at the article's sizes: batches of 128 and 80 images, whose granules are 8 and 5.
    @Test func shortBatchOfAnEpoch() throws {
        let plan = SmallRun.plan {
            $0.globalBatch = 128
            $0.limitTrain = 208
        }
        try expectSameRun(plan, ranks: 3, .speeds([11, 2, 3]))
    }

    // Guards the same for a rank that is left without images: three images to the first ten granules of sixteen.
    @Test func aRankWithoutImages() throws {
        let plan = SmallRun.plan {
            $0.globalBatch = 4
            $0.limitTrain = 10
        }
        try expectSameRun(plan, ranks: 3, .speeds([1, 100, 1]))
    }

    // Guards the same for gradients of 16 bits, which are rounded wherever the tree may be cut, and with threads.
    @Test(arguments: [GradientCompression.bf16, .fp16], [1, 3])
    func compressionKeepsTheBits(compression: GradientCompression, threads: Int) throws {
        let plan = SmallRun.plan { $0.gradientCompression = compression }
        try expectSameRun(plan, ranks: 3, threads: threads, .speeds([9, 2, 4]))
    }

    // Guards: what may depend on the ranks works with unequal ones too. The fast reduction computes the same mathematics;
    // with statistics of their own the replicas stay identical to each other, which the run compares at every step.
    @Test(arguments: [2, 3]) func otherModes(ranks: Int) throws {
        let run = try SmallRun()
        let balance = Balance.speeds(ranks == 2 ? [3, 1] : [1, 5, 2])
        let fast = run.options("fast") { $0.balance = balance }
        try run.train(SmallRun.plan { $0.epochs = 1 }, run.options("ordered"), ranks: 1)
        try run.train(
            SmallRun.plan {
                $0.epochs = 1
                $0.reduction = .fast
            }, fast, ranks: ranks)
        let a = try run.newest(run.options("ordered"))["classifier.weight"]!.values
        let b = try run.newest(fast)["classifier.weight"]!.values
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 })
        let local = run.options("local") {
            $0.balance = balance
            $0.auditEvery = 1
        }
        try run.train(SmallRun.plan { $0.normalization = .local }, local, ranks: ranks)
        #expect(try run.newest(local)["units.1.bn.running_var"]!.values.allSatisfy { $0 > 0 && $0.isFinite })
    }

    // Guards: every test image is counted once, with the same sums, by ranks of unequal shares.
    @Test(arguments: [2, 3, 5]) func evaluationIsTheSame(ranks: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.epochs = 1 }
        let options = run.options("many") { $0.balance = .speeds((1...ranks).map { Double($0 * $0) }) }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, options, ranks: ranks)
        let one = try #require(run.metrics(run.options("one")).compactMap(\.epochMetrics).first)
        let many = try #require(run.metrics(options).compactMap(\.epochMetrics).first)
        #expect(one.validationLoss == many.validationLoss && one.validationAccuracy == many.validationAccuracy)
        #expect(one.loss == many.loss && one.accuracy == many.accuracy)
    }

    // Guards: the balance is no part of a run: it goes on with another, on other ranks.
    @Test(arguments: [(2, Balance.even, 3), (3, .speeds([5, 1, 1]), 2), (5, .measured, 3)])
    func resumesWithAnother(before: Int, first: Balance, after: Int) throws {
        let run = try SmallRun()
        try run.train(SmallRun.plan(), run.options("straight"), ranks: 1)
        let stopped = run.options("resumed") {
            $0.maxSteps = 2
            $0.balance = first
        }
        try run.train(SmallRun.plan(), stopped, ranks: before)
        let resumed = run.options("resumed") {
            $0.resume = true
            $0.balance = .speeds((1...after).map { 7 / Double($0) })
        }
        try run.train(SmallRun.plan(), resumed, ranks: after)
        let (straight, other) = (try run.newest(run.options("straight")), try run.newest(resumed))
        #expect(straight.metadata == other.metadata)
        #expect(straight.tensors == other.tensors)
    }

    // Guards: shares follow the numbers, on every rank the same, and no rank gets fewer granules than it has threads.
    @Test func sharesFollowSpeeds() throws {
        let plan = SmallRun.plan { $0.granules = 16 }
        let shares = try ThreadGroup.run(ranks: 2) {
            try BalancedShares(.speeds([3, 1]), plan, threads: 1, over: $0).shares.counts
        }
        #expect(shares == [[12, 4], [12, 4]])
        let threaded = try ThreadGroup.run(ranks: 2) {
            try BalancedShares(.speeds([100, 1]), plan, threads: 3, over: $0).shares.counts
        }
        #expect(threaded == [[13, 3], [13, 3]])
    }

    // Guards: what is measured is speed, gathered, so that all ranks decide alike; and it is said in one line.
    @Test(arguments: [2, 3, 5]) func speedsAreMeasured(ranks: Int) throws {
        let plan = SmallRun.plan()
        let balanced = try ThreadGroup.run(ranks: ranks) {
            try BalancedShares(.measured, plan, threads: 1, over: $0)
        }
        #expect(balanced.allSatisfy { $0 == balanced[0] })
        #expect(balanced[0].shares.counts.reduce(0, +) == plan.granules)
        let sentence = try #require(balanced[0].sentence)
        #expect(sentence.hasPrefix("Balance: ") && sentence.contains("images/s"))
        #expect(!sentence.contains("\n"))
    }

    // Guards: one rank, and shares that are even, measure nothing and say nothing.
    @Test func evenSaysNothing() throws {
        let alone = SoloCommunicator()
        for balance in [Balance.even, .measured, .speeds([2])] {
            #expect(try BalancedShares(balance, SmallRun.plan(), threads: 1, over: alone).sentence == nil)
        }
    }

    // Guards: whoever starts a number of ranks that the granules cannot be shared among evenly is told what it costs, and
    // which number of granules gives every rank as many, in one subtree and with one for each thread.
    @Test(arguments: [
        (3, 1, "Shares: 5, 5, 6 of 16 granules to ranks 0, 1, 2.", "88.89%", 12),
        (5, 1, "Shares: 3, 3, 3, 3, 4 of 16 granules to ranks 0, 1, 2, 3, 4.", "80.00%", 20),
        (7, 2, "Shares: 2, 2, 2, 3, 2, 2, 3 of 16 granules to ranks 0, 1, 2, 3, 4, 5, 6.", "76.19%", 14),
        (3, 5, "Shares: 5, 5, 6 of 16 granules to ranks 0, 1, 2.", "88.89%", 24),
    ])
    func unevenSharesAreSaid(ranks: Int, threads: Int, shares: String, used: String, advised: Int) throws {
        func sentence(granules: Int) throws -> String? {
            let plan = SmallRun.plan { $0.granules = granules }
            return try ThreadGroup.run(ranks: ranks) {
                try BalancedShares(.even, plan, threads: threads, over: $0)
            }[0].sentence
        }
        let said = try #require(try sentence(granules: 16))
        #expect(said.hasPrefix(shares) && said.contains(used) && said.contains("--granules \(advised) "))
        #expect(try sentence(granules: advised) == nil)
        let plan = GranulePlan(sampleCount: 128, granuleCount: advised, rankCount: ranks)
        #expect(plan.subtreesByRank.allSatisfy { $0.count == 1 && $0[0].count >= threads })
    }

    // Guards: what cannot be read is refused with the option's name and what would do.
    @Test(arguments: [
        (["fast"], "entry 1"), (["3", "0"], "entry 2"), (["3", "-1"], "entry 2"), (["nan", "1"], "entry 1"),
        (["inf", "1"], "entry 1"), (["3", "1", "1"], "3 speeds"), (["3"], "one speed"), ([], "0 speeds"),
    ])
    func refused(words: [String], part: String) {
        let failure = #expect(throws: RunFailure.self) { try Balance(words, ranks: 2) }
        #expect(failure?.exitCode == .usage)
        #expect(failure?.description.contains("--balance") == true && failure?.description.contains(part) == true)
    }

    // Guards: a job of many ranks is told in one short line.
    @Test func manyRanksAreSummedUp() throws {
        let plan = SmallRun.plan { $0.granules = 64 }
        let speeds = [9.0] + [Double](repeating: 3, count: 12) + [1]
        let balanced = try ThreadGroup.run(ranks: 14) {
            try BalancedShares(.speeds(speeds), plan, threads: 1, over: $0)
        }
        let counts = balanced[0].shares.counts
        #expect(counts[0] > counts[1] && counts[1] > counts[13])
        #expect(
            balanced[0].sentence
                == "Balance: \(counts[13]) (rank 13) to \(counts[0]) (rank 0) of 64 granules to each of 14 ranks.")
    }

    @Test func read() throws {
        #expect(try Balance(["even"], ranks: 2) == .even)
        #expect(try Balance(["measured"], ranks: 2) == .measured)
        #expect(try Balance(["3", "0.5"], ranks: 2) == .speeds([3, 0.5]))
    }
}
