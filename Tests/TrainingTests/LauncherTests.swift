import Hosts
import Testing
import Training

@Suite("What a launcher is told")
struct LauncherTests {
    private static let steps = ["SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "PMIX_RANK": "1"]

    // Guards: ranks know what started them: srun's step alone is srun, and mpirun stays mpirun where srun started its
    // daemons, in a job without a step, and outside Slurm.
    @Test func launcherIsRecognized() {
        #expect(Launcher(environment: Self.steps) == .srun)
        let daemons = Self.steps.merging(["OMPI_COMMAND": "lockstep", "OMPI_COMM_WORLD_SIZE": "2"]) { $1 }
        for others in [daemons, ["SLURM_JOB_ID": "7", "OMPI_COMMAND": "lockstep"], ["OMPI_COMMAND": "lockstep"], [:]] {
            #expect(Launcher(environment: others) == .mpirun)
        }
    }

    private static func place(_ cores: [Int], on host: String = "a", of count: Int, threads: Int = 1) -> Placement.Place
    {
        Placement.Place(host: host, cores: CoreSet(cores), hostCoreCount: count, threads: threads)
    }

    // Guards: under srun the options that mend a placement are srun's, none of them mpirun's.
    @Test func srunHearsItsOwnOptions() throws {
        func warning(_ places: [Placement.Place]) throws -> String {
            let warning = try #require(Placement(places, launcher: .srun).warning)
            #expect(!warning.contains("mpirun") && !warning.contains("--map-by") && !warning.contains("hostfile"))
            return warning
        }
        let many = (0..<3).map { _ in Self.place([0, 1], of: 2) }
        #expect(try warning(many).hasSuffix(": start srun with --ntasks=2."))
        #expect(
            try warning(many + [Self.place([0], on: "b", of: 1)]).hasSuffix(": start srun with --ntasks-per-node=2."))
        let narrow = [Self.place([0], of: 4, threads: 2), Self.place([1, 2, 3], of: 4, threads: 2)]
        #expect(try warning(narrow).hasSuffix(": start srun with --cpus-per-task=2 --cpu-bind=cores."))
        let confined = (0..<2).map { _ in Self.place([1], of: 4) }
        #expect(try warning(confined).contains(": ask Slurm for more cores: start srun with --cpus-per-task=1"))
    }

    // Guards: every finding of a diagnosis speaks of the launcher it was given.
    @Test(arguments: [Launcher.mpirun, .srun])
    func findingsNameTheirLauncher(launcher: Launcher) {
        let (own, other) = launcher == .srun ? ("srun", "mpirun") : ("mpirun", "srun")
        let wandering = (0..<2).map { FabricatedJob.rank($0, on: "a", [0, 1], of: 2) }
        let idle = [FabricatedJob.rank(0, on: "a", [0], of: 4)]
        let mixed = [
            FabricatedJob.rank(0, on: "a", [0], of: 1), FabricatedJob.rank(1, on: "b", [0], of: 1, processor: "Q"),
        ]
        let uneven = [FabricatedJob.rank(0, on: "a", [0], of: 1), FabricatedJob.rank(1, on: "b", [0], of: 8)]
        let paired = (0..<2).map { FabricatedJob.rank($0, on: "a", [$0], of: 4, physical: [0], physicalCount: 2) }
        for facts in [wandering, idle, mixed, uneven, paired] {
            let sentences = Diagnosis(facts, launcher: launcher).findings.map(\.sentence)
            #expect(sentences.contains { $0.contains(own) })
            #expect(!sentences.contains { $0.contains(other) }, "\(sentences)")
        }
        let slow = Diagnosis(FabricatedJob.good(hosts: ["a", "b"], ranksPerHost: 2), launcher: launcher)
        for facts in [[0: 0.5], [0: 0.5, 1: 0.5]] {
            let sentences = slow.findings(with: FabricatedJob.speeds(4, computing: facts)).map(\.sentence)
            #expect(sentences.contains { $0.contains(own) } && !sentences.contains { $0.contains(other) })
        }
    }

    // Guards: ranks that all have the same few cores were started by something confined to them, which may be a container
    // that binding does not lead out of: the sentence says so; ranks with different cores are told to bind alone.
    @Test func confinementIsNamed() {
        let confined = Placement((0..<2).map { _ in Self.place([0], of: 2) })
        #expect(
            confined.warning
                == "a runs 2 ranks with 2 threads in all on 1 core (0) of its 2, where they take turns: start "
                + "mpirun with --map-by core --bind-to core, or give its container more cores, or "
                + "fewer ranks or threads if the other cores are not for this job.")
        let bound = Placement([Self.place([0], of: 4, threads: 2), Self.place([1], of: 4, threads: 2)])
        #expect(bound.warning?.contains("container") == false)
    }
}
