import Collectives
import Granules
import Hosts
import Layers
import Testing
import Training
import ThreadRanks

@Suite("What is wrong with a job's hosts")
struct DiagnosisTests {
    private func rank(
        _ rank: Int, on host: String = "a", _ cores: [Int], threads: Int = 1, groups: [ControlGroup] = []
    ) -> RankFacts {
        FabricatedJob.rank(rank, on: host, cores, threads: threads, groups: groups)
    }

    private func only(_ facts: [RankFacts], need: MemoryNeed? = nil) throws -> Finding {
        let findings = Diagnosis(facts, need: need).findings
        #expect(findings.count == 1, "\(findings)")
        return try #require(findings.first)
    }

    // Guards: a job without fault gives no finding, on one host and on several, whatever the number of ranks.
    @Test(arguments: [1, 2, 3, 5])
    func nothingWrongIsNoNews(ranks: Int) {
        for hosts in [["a"], ["a", "b"], ["c", "b", "a"]] {
            let facts = FabricatedJob.good(hosts: hosts, ranksPerHost: ranks)
            let diagnosis = Diagnosis(
                facts, need: MemoryNeed(rankBytes: facts.map { _ in 1 << 28 }, hostBytes: 1 << 28))
            #expect(diagnosis.findings(with: FabricatedJob.speeds(facts.count)) == [])
        }
    }

    // Guards: threads beyond a processor limit are named with host, ranks, limit and what to start instead, once, although
    // the same threads are too many for the cores as well; ranks in groups of their own are not added up.
    @Test func processorLimitIsNamed() throws {
        let group = ControlGroup(directory: "/g", cores: 2)
        let four = (0..<4).map { rank($0, [0, 1, 2, 3], groups: [group]) }
        #expect(
            try only(four).sentence == "a gives ranks 0-3 the time of 2.00 cores for 4 threads, which are halted "
                + "whenever it is used up: start mpirun with -np 2, or raise the limit of control group /g.")
        let crowd = try only((0..<5).map { rank($0, [0, 1, 2], groups: [group]) })
        #expect(crowd.cause == .processorLimit && crowd.sentence.contains("5 threads"))
        let threads = try only([rank(0, [0, 1, 2, 3], threads: 4, groups: [group])])
        #expect(threads.sentence.contains("start lockstep with --threads 2, or raise"))
        let half = try only([rank(0, [0], groups: [ControlGroup(directory: "/g", cores: 0.5)])])
        #expect(half.sentence.contains("0.50 cores for 1 thread") && half.sentence.contains("up: raise the limit"))
        let apart = (0..<4).map { rank($0, [$0], groups: [ControlGroup(directory: "/g\($0)", cores: 1)]) }
        #expect(Diagnosis(apart).warnings == [])
    }

    // Guards: Open MPI's own binding of up to two ranks to a core each is named with the option that mends it when they
    // have more threads; two ranks of one thread only leave cores idle, which is a note.
    @Test(arguments: [1, 2])
    func defaultBindingIsNamed(ranks: Int) throws {
        let narrow = try only((0..<ranks).map { rank($0, [$0], threads: 2) })
        #expect(narrow.cause == .sharedCores)
        #expect(narrow.sentence.contains("start mpirun with --map-by slot:PE=2 --bind-to core"))
        let idle = try only((0..<ranks).map { rank($0, [$0]) })
        #expect(idle.cause == .idleCores && idle.line.hasPrefix("Note: a has 4 cores, of which rank"))
        #expect(idle.sentence.contains("-np 4 or lockstep with --threads \(4 / ranks)"))
        #expect(Diagnosis((0..<ranks).map { rank($0, [$0]) }).warnings == [])
    }

    // Guards: hardware threads of one core that are used as two are named, with binding where cores are left, with fewer
    // ranks where not; a rank bound to both hardware threads of its core is right.
    @Test func sharedPhysicalCoresAreNamed() throws {
        func pair(_ number: Int, _ cores: [Int], physical: [Int], of count: Int) -> RankFacts {
            FabricatedJob.rank(
                number, on: "a", cores, of: 2 * count, physical: physical, physicalCount: count)
        }
        let bound = try only([pair(0, [0], physical: [0], of: 2), pair(1, [2], physical: [0], of: 2)])
        #expect(bound.cause == .sharedPhysicalCores)
        #expect(bound.sentence.contains("2 threads share the hardware threads of 1 physical core (0)"))
        #expect(bound.sentence.hasSuffix("start mpirun with --map-by core --bind-to core."))
        let many = (0..<4).map { pair($0, [$0], physical: [$0 % 2], of: 2) }
        #expect(try only(many).sentence.hasSuffix("start mpirun with -np 2."))
        let right = (0..<2).map { pair($0, [$0, $0 + 2], physical: [$0], of: 2) }
        #expect(Diagnosis(right).findings == [])
    }

    // Guards: ranks that may wander are noted and not warned of; under a processor limit they should be free to.
    @Test(arguments: [2, 3])
    func unboundRanksAreNoted(ranks: Int) {
        let wanderers = (0..<ranks).map { FabricatedJob.rank($0, on: "a", [0, 1, 2], of: 3) }
        let unbound = Diagnosis(wanderers)
        #expect(unbound.warnings == [])
        #expect(
            unbound.findings.first?.line == "Note: a lets ranks 0-\(ranks - 1) wander over the same 3 cores (0-2): "
                + "start mpirun with --map-by core --bind-to core.")
        let group = ControlGroup(directory: "/g", cores: Double(ranks))
        #expect(Diagnosis((0..<ranks).map { rank($0, [0, 1, 2, 3], groups: [group]) }).findings == [])
    }

    // Guards: different processors are one line with hosts and ranks, however many hosts there are.
    @Test func mixedProcessorsAreNamed() throws {
        let facts = ["a", "b", "c", "d", "e"].enumerated().map { index, host in
            FabricatedJob.rank(index, on: host, [0], of: 1, processor: host == "b" ? "Slow" : "Fast")
        }
        let mixture = try only(facts)
        #expect(mixture.cause == .mixedProcessors && mixture.cause.isWarning)
        #expect(mixture.sentence.contains("Fast on a and 3 hosts more (ranks 0,2-4); Slow on b (rank 1)"))
        #expect(mixture.sentence.contains("with train's --balance measured and build for all of them, with "))
        #expect(mixture.sentence.contains("LOCKSTEP_MARCH=x86-64-v3"))
    }

    // Guards: memory that does not hold network and data is named, that of the host and that of a control group, for the
    // ranks that share it.
    @Test func lackOfMemoryIsNamed() throws {
        let need = MemoryNeed(rankBytes: [300_000_000, 300_000_000], hostBytes: 200_000_000)
        let small = (0..<2).map { FabricatedJob.rank($0, on: "a", [$0], of: 2, memory: 700_000_000) }
        #expect(
            try only(small, need: need).sentence == "a has 700 MB of memory left, and ranks 0-1 with the data take at "
                + "least 800 MB: use a smaller --global-batch or train's --accumulate, another host or more of them.")
        let enough = (0..<2).map { FabricatedJob.rank($0, on: "a", [$0], of: 2, memory: 800_000_000) }
        #expect(Diagnosis(enough, need: need).findings == [] && Diagnosis(small).findings == [])
        let group = ControlGroup(directory: "/g", freeMemory: 400_000_000)
        let limited =
            FabricatedJob.good(hosts: ["a"], ranksPerHost: 1)
            + [FabricatedJob.rank(1, on: "b", [0], of: 1, groups: [group])]
        #expect(try only(limited, need: need).sentence.hasPrefix("b in control group /g has 400 MB of memory left"))
    }

    // Guards: ranks that may not read each other's memory are named once, with the option that mends it for the launcher.
    @Test func refusedCrossMemoryAttachIsNamed() throws {
        let facts = (0..<3).map { FabricatedJob.rank($0, on: "a", [$0], of: 3, readsPeers: $0 == 2) }
        let found = try only(facts)
        #expect(found.cause == .crossMemoryAttach && found.cause.isWarning)
        #expect(found.sentence.hasPrefix("a does not let ranks 0-1 read the memory of other ranks "))
        #expect(found.sentence.hasSuffix(": start mpirun with --mca btl_vader_single_copy_mechanism none."))
        let slurm = Diagnosis(facts, launcher: .srun).findings.first?.sentence
        #expect(slurm?.hasSuffix("--export=ALL,OMPI_MCA_btl_vader_single_copy_mechanism=none.") == true)
    }

    // Guards: no rank of a host is accused that can read its neighbour's memory, and nothing is said of a rank without one.
    @Test(arguments: [1, 2, 3])
    func readsNeighbours(ranks: Int) throws {
        let seen = try ThreadGroup.run(ranks: ranks) { try CrossMemoryAttach.works(over: $0, environment: [:]) }
        #expect(seen == Array(repeating: ranks == 1 ? nil : true, count: ranks))
    }

    // Guards: what Open MPI was told not to do is not complained of.
    @Test(arguments: [
        ("btl_tcp_links", "1", true), ("btl_vader_single_copy_mechanism", "none", false), ("btl", "tcp,self", false),
        ("btl", "^vader", false), ("btl", "^tcp", true), ("btl", "tcp,vader,self", true), ("pml", "ucx", false),
    ]) func crossMemoryAttachIsUsed(setting: String, value: String, isUsed: Bool) {
        #expect(CrossMemoryAttach.isUsed(["OMPI_MCA_" + setting: value]) == isUsed)
    }

    // Guards: the article's network is known to need about what its outputs and parameters take, less on more ranks, with
    // fewer granules, and of a micro-batch.
    @Test func articleNeedsMemory() throws {
        func need(_ shares: [Int], accumulation: Int? = nil) throws -> MemoryNeed {
            var plan = TrainingPlan()
            plan.accumulation = accumulation
            return try MemoryNeed(plan, shares: GranuleShares(counts: shares), images: 60_000)
        }
        let one = try need([16])
        let three = try need([5, 5, 6])
        let parameters = try Network(.article, maximumImages: 1).parameters.table.elementCount
        #expect(100_000_000..<400_000_000 ~= one.rankBytes[0] && three.rankBytes[2] < one.rankBytes[0])
        #expect(one.hostBytes == 60_000 * 3073)
        // Images in proportion to the granules, and in four micro-batches a quarter of them.
        let images = one.rankBytes[0] - 16 * parameters
        #expect(try need([4, 12]).rankBytes.map { $0 - 16 * parameters } == [images / 4, 3 * images / 4])
        #expect(try need([16], accumulation: 4).rankBytes == [images / 4 + 20 * parameters])
    }

    // Guards: hosts that differ much are noted, unless each is used in full.
    @Test func unevenHostsAreNoted() throws {
        let big = FabricatedJob.good(hosts: ["a"], ranksPerHost: 3)
        #expect(Diagnosis(big + [FabricatedJob.rank(3, on: "b", [0], of: 1)]).findings == [])
        let uneven = Diagnosis(big + [FabricatedJob.rank(3, on: "b", [0], of: 3)])
        #expect(uneven.warnings == [] && uneven.findings.map(\.cause).contains(.unevenHosts))
        let note = try #require(uneven.findings.first { $0.cause == .unevenHosts })
        #expect(note.sentence.contains("a has 3 cores and runs 3 threads (ranks 0-2), but b has 3 cores and runs 1"))
    }

    // Guards: one cause on many hosts is one line that counts them.
    @Test func manyHostsAreOneLine() {
        let group = ControlGroup(directory: "/g", cores: 1)
        let facts = ["c", "b", "a"].enumerated().flatMap { index, host in
            (0..<2).map { rank(2 * index + $0, on: host, [0, 1], groups: [group]) }
        }
        let warnings = Diagnosis(facts).warnings
        #expect(warnings.count == 1 && warnings[0].hasPrefix("a gives ranks 4-5 "), "\(warnings)")
        #expect(warnings[0].contains("slots=1") && warnings[0].hasSuffix(" (likewise on 2 hosts more)."))
    }

    // Guards: a slow rank and a slow host are named with their share, what to look for and how to go on without; slowness
    // that another finding explains is not named again.
    @Test func slowRanksAreNamed() {
        let facts = FabricatedJob.good(hosts: ["a", "b", "c"], ranksPerHost: 2)
        func slow(_ facts: [RankFacts], _ speeds: [RankSpeed]) -> [String] {
            Diagnosis(facts).findings(with: speeds).filter { $0.cause == .slowRanks }.map(\.sentence)
        }
        let one = slow(facts, FabricatedJob.speeds(6, computing: [3: 0.61], streaming: [3: 0.5]))
        #expect(one.count == 1 && one[0].hasPrefix("Rank 3 on b computes at 61 % of the median: look for another job"))
        #expect(one.first?.contains("fewer slots in mpirun's --hostfile") == true)
        let host = slow(facts, FabricatedJob.speeds(6, streaming: [4: 0.5, 5: 0.5]))
        #expect(host.count == 1 && host[0].hasPrefix("All ranks 4-5 on c stream memory at 50 % of the median: "))
        #expect(host.first?.contains("leave c out of mpirun's --hostfile, or ") == true)
        #expect([one, host].allSatisfy { $0.first?.hasSuffix("with train's --balance measured.") == true })
        #expect(slow(facts, FabricatedJob.speeds(6, computing: [0: 0.81, 1: 1.3])) == [])
        let crowd = [rank(0, [0]), rank(1, [0]), rank(2, [1])]
        #expect(slow(crowd, FabricatedJob.speeds(3, computing: [0: 0.5, 1: 0.5])) == [])
        let mixed = (0..<3).map {
            FabricatedJob.rank($0, on: "h\($0)", [0], of: 1, processor: $0 == 2 ? "Slow" : "Fast")
        }
        #expect(slow(mixed, FabricatedJob.speeds(3, computing: [2: 0.5])) == [])
    }

    // Guards: every rank knows the facts of all, in rank order, and what it may stream through fits all of a host.
    @Test(arguments: [1, 2, 3, 5])
    func gathersAllRanks(ranks: Int) throws {
        let seen = try ThreadGroup.run(ranks: ranks) {
            try Diagnosis(threads: $0.rank + 1, need: nil, over: $0).ranks
        }
        for facts in seen {
            #expect(facts.map(\.rank) == Array(0..<ranks))
            #expect(facts.map(\.place.threads) == Array(1...ranks))
        }
        let tight = Diagnosis((0..<ranks).map { FabricatedJob.rank($0, on: "a", [$0], memory: 1 << 26) })
        #expect((0..<ranks).reduce(0) { $0 + tight.streamedBytes(rank: $1) } <= 1 << 24)
        #expect(Diagnosis([FabricatedJob.rank(0, on: "a", [0], memory: 0)]).streamedBytes(rank: 0) == 1 << 20)
    }
}
