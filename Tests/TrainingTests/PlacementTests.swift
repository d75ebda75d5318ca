import Collectives
import Testing
import Training

@Suite("Threads and cores")
struct PlacementTests {
    private func place(_ host: String, _ cores: [Int], threads: Int = 1) -> Placement.Place {
        Placement.Place(host: host, cores: cores, threads: threads)
    }

    // Guards: no warning where every thread has a core, bound or not, on one host or several.
    @Test func enoughCoresAreNoNews() {
        let bound = Placement([place("a", [0]), place("a", [1]), place("b", [0])])
        let free = Placement([place("a", [0, 1, 2, 3], threads: 2), place("a", [0, 1, 2, 3], threads: 2)])
        #expect(bound.warnings == [] && free.warnings == [])
    }

    // Guards: too many threads are named with host, ranks, threads and cores, only where they are.
    @Test func tooManyThreadsAreNamed() {
        let warnings = Placement([place("a", [0]), place("b", [0, 1]), place("b", [0, 1]), place("b", [0, 1])]).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("b runs 3 ranks with 3 threads in all on 2 cores") == true)
        #expect(warnings.first?.contains("start fewer ranks") == true)
    }

    // Guards: a rank bound to fewer cores than it has threads is told the option that mends it, though others idle.
    @Test func narrowBindingIsNamed() {
        let warnings = Placement([place("a", [0], threads: 2), place("a", [1], threads: 1), place("a", [2, 3])])
            .warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("--map-by slot:PE=THREADS --bind-to core") == true)
    }

    // Guards: every rank sees the places of all: as many threads as ranks bring, more than this machine has cores.
    @Test(arguments: [3, 5])
    func gathersAllRanks(ranks: Int) throws {
        let warnings = try ThreadGroup.run(ranks: ranks) { communicator in
            try Placement(threads: 1000 + communicator.rank, over: communicator).warnings
        }
        let total = (0..<ranks).reduce(0) { $0 + 1000 + $1 }
        for seen in warnings {
            #expect(seen.count == 1)
            #expect(seen.first?.contains("\(ranks) ranks with \(total) threads") == true)
        }
    }

    // Guards: the system's list of cores, runs and single ones, is read as it is meant; nonsense is no cores, no crash.
    @Test func readsTheListOfCores() {
        #expect(
            Placement.allowedCores(inStatus: "Name:\tx\nCpus_allowed_list:\t0-2,5,7-8\nMems:\t0\n") == [
                0, 1, 2, 5, 7, 8,
            ])
        for text in ["", "Cpus_allowed_list:", "Cpus_allowed_list:\t3-1", "Cpus_allowed_list:\t0-99999999999999999999"]
        {
            #expect(Placement.allowedCores(inStatus: text) == [])
        }
    }
}
