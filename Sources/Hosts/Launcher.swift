import Foundation

/// What started the ranks of a job, and how it is told what would serve them better.
public enum Launcher: Sendable, Equatable {
    /// Open MPI's own, or none for a single rank.
    case mpirun
    /// Slurm's.
    case srun

    /// The launcher of this process. mpirun may itself start its daemons by srun, whose variables their ranks inherit.
    public static var current: Launcher { Launcher(environment: ProcessInfo.processInfo.environment) }

    /// The launcher that left these variables.
    package init(environment: [String: String]) {
        self = environment["SLURM_STEP_ID"] != nil && environment["OMPI_COMMAND"] == nil ? .srun : .mpirun
    }

    /// The command with the options that give each of a rank's threads a core: `mpirun with --map-by core --bind-to core`.
    package func binding(mostThreads: Int) -> String {
        switch self {
        case .mpirun where mostThreads == 1: "mpirun with --map-by core --bind-to core"
        case .mpirun: "mpirun with --map-by slot:PE=\(mostThreads) --bind-to core"
        case .srun: "srun with --cpus-per-task=\(mostThreads) --cpu-bind=cores"
        }
    }

    /// How a host is given another number of ranks: `start mpirun with -np 2`.
    package func ranks(_ count: Int, isOnlyHost: Bool) -> String {
        switch self {
        case .mpirun where isOnlyHost: "start mpirun with -np \(count)"
        case .mpirun: "give it slots=\(count) in mpirun's --hostfile"
        case .srun: "start srun with " + (isOnlyHost ? "--ntasks" : "--ntasks-per-node") + "=\(count)"
        }
    }

    /// What to start instead on a host that has fewer cores than the job has threads there.
    package func fewer(ranks: Int, mostThreads: Int, cores: Int, isOnlyHost: Bool) -> String {
        if ranks <= cores { return "start lockstep with --threads \(cores / ranks)" }
        let fewerRanks = self.ranks(cores, isOnlyHost: isOnlyHost)
        return mostThreads > 1 ? fewerRanks + " and --threads 1" : fewerRanks
    }

    /// How a confinement of all ranks to the same few cores ends. mpirun's binding leads out of taskset's, not out of a
    /// container's.
    package func widening(mostThreads: Int) -> String {
        switch self {
        case .mpirun:
            "start \(binding(mostThreads: mostThreads)), or give its container more cores"
        case .srun: "ask Slurm for more cores: start \(binding(mostThreads: mostThreads))"
        }
    }

    /// The command with a setting of Open MPI's.
    package func setting(_ name: String, _ value: String) -> String {
        switch self {
        case .mpirun: "mpirun with --mca \(name) \(value)"
        case .srun: "srun with --export=ALL,OMPI_MCA_\(name)=\(value)"
        }
    }

    /// How a host is left out: `mpirun's --hostfile`, `srun's --nodelist`.
    package var hostList: String {
        switch self {
        case .mpirun: "mpirun's --hostfile"
        case .srun: "srun's --nodelist"
        }
    }

    /// How single cores are left out, on the only host or on one of several.
    package func withoutCore(isOnlyHost: Bool) -> String {
        switch self {
        case .mpirun where isOnlyHost: "the core out with mpirun's --cpu-set"
        case .mpirun: "a core out by fewer slots in mpirun's --hostfile"
        case .srun: "the core out with srun's --cpu-bind=map_cpu"
        }
    }

    /// How hosts of different sizes are each used in full.
    package var fullHosts: String {
        switch self {
        case .mpirun: "give each as many slots as it has cores in mpirun's --hostfile"
        case .srun: "let srun use hosts of one size, by --nodelist or --constraint"
        }
    }
}
