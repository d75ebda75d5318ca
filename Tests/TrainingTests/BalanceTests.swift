import Checkpoints
import Collectives
import Testing
import Training

@Suite("Unequal ranks")
struct BalanceTests {
    // Guards the first promise with shares in proportion to speeds: augmentation, dropout, synchronized batch norm, a
    // short last batch; given speeds and measured ones, with threads, too.
    @Test(arguments: [
        (2, 1, Balance.speeds([3, 1])), (3, 1, .speeds([1, 5, 2])), (5, 1, .speeds([9, 1, 1, 1, 4])),
        (2, 3, .speeds([4, 1])), (2, 1, .measured), (3, 1, .measured), (5, 1, .measured),
    ])
    func sharesChangeNothing(ranks: Int, threads: Int, balance: Balance) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan()
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

    // Guards the same for micro-batches, whose granules may be smaller than one image.
    @Test func accumulationToo() throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.accumulation = 3 }
        try run.train(plan, run.options("one"), ranks: 1)
        let options = run.options("many") { $0.balance = .speeds([1, 6, 2]) }
        try run.train(plan, options, ranks: 3)
        #expect(try run.newest(run.options("one")).tensors == run.newest(options).tensors)
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

    // Guards: one rank, and even shares, measure nothing and say nothing.
    @Test func evenSaysNothing() throws {
        let alone = SoloCommunicator()
        for balance in [Balance.even, .measured, .speeds([2])] {
            #expect(try BalancedShares(balance, SmallRun.plan(), threads: 1, over: alone).sentence == nil)
        }
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

    @Test func read() throws {
        #expect(try Balance(["even"], ranks: 2) == .even)
        #expect(try Balance(["measured"], ranks: 2) == .measured)
        #expect(try Balance(["3", "0.5"], ranks: 2) == .speeds([3, 0.5]))
    }
}
