import Collectives
import Hosts
import Testing
import Training
import ThreadRanks

@Suite("Threads and cores")
struct PlacementTests {
    private func place(_ host: String, _ cores: [Int], of hostCoreCount: Int = 0, threads: Int = 1) -> Placement.Place {
        Placement.Place(
            host: host, cores: CoreSet(cores), hostCoreCount: max(hostCoreCount, cores.count), threads: threads)
    }

    // Guards: no warning where every thread has a core, bound or not, on one host or several, nor where nothing is known.
    @Test func enoughCoresAreNoNews() {
        let bound = Placement([place("a", [0]), place("a", [1]), place("b", [0])])
        let free = Placement([place("a", [0, 1, 2, 3], threads: 2), place("a", [0, 1, 2, 3], threads: 2)])
        let nested = Placement([place("a", [0]), place("a", [0, 1]), place("a", [1, 2])])
        let unknown = Placement([place("a", [], threads: 8), place("a", [0])])
        for placement in [bound, free, nested, unknown] { #expect(placement.warning == nil) }
    }

    // Guards: too many ranks are named with host, threads, cores and what mpirun should be told, for one host and several.
    @Test func tooManyRanksAreNamed() {
        let crowd = [place("b", [0, 1]), place("b", [0, 1]), place("b", [0, 1])]
        let start = "b runs 3 ranks with 3 threads in all on 2 cores (0-1), where they take turns: "
        #expect(Placement(crowd).warning == start + "start mpirun with -np 2.")
        let hosts = Placement([place("a", [0])] + crowd)
        #expect(hosts.warning == start + "give it slots=2 in mpirun's --hostfile.")
    }

    // Guards: one line, however many hosts are crowded.
    @Test func manyHostsAreOneLine() throws {
        let hosts = ["c", "b", "a"].flatMap { [place($0, [3]), place($0, [3])] }
        let warning = try #require(Placement(hosts).warning)
        #expect(warning.hasPrefix("a runs 2 ranks with 2 threads in all on 1 core (3), "))
        #expect(warning.hasSuffix(" (likewise on 2 hosts more)."))
    }

    // Guards: too many threads of ranks that fit are told how many would do, and that ranks of too many need one thread.
    @Test func tooManyThreadsAreNamed() {
        let four = Placement((0..<2).map { _ in place("a", [0, 1, 2, 3], threads: 4) })
        #expect(
            four.warning?.hasSuffix(
                " with 8 threads in all on 4 cores (0-3), where they take turns: "
                    + "start lockstep with --threads 2.") == true)
        let three = Placement((0..<3).map { _ in place("a", [0, 1], threads: 2) })
        #expect(three.warning?.hasSuffix(": start mpirun with -np 2 and --threads 1.") == true)
    }

    // Guards: ranks that share a core by binding while others idle are told the binding that mends it, whether ranks or
    // threads are too many for the core, and whether the idle cores are seen by another rank or by none.
    @Test func narrowBindingIsNamed() {
        let ranks = Placement([place("a", [0]), place("a", [0]), place("a", [1, 2, 3])])
        #expect(
            ranks.warning == "a runs 3 ranks with 3 threads in all on 4 cores (0-3), but bound so that 2 of them share "
                + "1 core (0): start mpirun with --map-by core --bind-to core.")
        let threads = Placement([place("a", [0], threads: 2), place("a", [1, 2, 3], threads: 2)])
        #expect(threads.warning?.contains("so that 2 of them share 1 core (0)") == true)
        #expect(threads.warning?.contains("--map-by slot:PE=2 --bind-to core") == true)
        let unseen = Placement([place("a", [1], of: 4, threads: 2)])
        #expect(unseen.warning?.contains("2 threads in all on 1 core (1) of its 4, where they take turns") == true)
        #expect(unseen.warning?.contains("start mpirun with --map-by slot:PE=2 --bind-to core, or fewer") == true)
    }

    // Guards: every rank sees the places of all: as many threads as ranks bring, more than this machine has cores.
    @Test(arguments: [1, 3, 5])
    func gathersAllRanks(ranks: Int) throws {
        let warnings = try ThreadGroup.run(ranks: ranks) { communicator in
            let diagnosis = try Diagnosis(threads: 100_000 + communicator.rank, need: nil, over: communicator)
            return Placement(diagnosis.ranks.map(\.place)).warning
        }
        let total = (0..<ranks).reduce(0) { $0 + 100_000 + $1 }
        for seen in warnings {
            #expect(seen?.contains("\(ranks == 1 ? "1 rank" : "\(ranks) ranks") with \(total) threads") == true)
        }
    }

    // Guards: the system's lists of cores are read as they are meant and written the same way; nonsense is no cores, no
    // crash.
    @Test func readsListsOfCores() {
        let set = CoreSet(status: "Name:\tx\nCpus_allowed_list:\t0-2,5,7-8\nMems:\t0\n")
        #expect(set.numbers == [0, 1, 2, 5, 7, 8])
        #expect(set.description == "6 cores (0-2,5,7-8)")
        #expect(CoreSet(list: "3\n").description == "1 core (3)")
        for text in ["", "3-1", "x", "-", "-1", "0-99999999999999999999", "0-70000"] {
            #expect(CoreSet(list: text).count == 0, "\(text)")
        }
        #expect(CoreSet(status: "Cpus_allowed_list:").count == 0)
    }

    // Guards: this system's own answers are understood.
    @Test func readsThisSystem() {
        let facts = RankFacts(rank: 0, host: "a", threads: 1)
        #expect(facts.place.cores.count > 0 && facts.place.cores.count <= facts.place.hostCoreCount)
        #expect(facts.physicalCores.count > 0 && facts.physicalCores.count <= facts.place.cores.count)
        #expect(!facts.processor.isEmpty && facts.memory?.available ?? 0 > 0)
    }
}
