import TestSupport
import Testing

@Suite("Launching")
struct LaunchTests {
    @Test("without a launcher there is one rank and no MPI")
    func alone() throws {
        // A variable that makes MPI fail when it starts shows that it does not.
        let outcome = try RankProbe(environment: ["OMPI_MCA_btl": "nonsense"]).run("launch")
        #expect(outcome.output == "ranks 1\n")
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("a batch script that calls the program itself has one rank")
    func insideBatchScript() throws {
        let variables = ["SLURM_JOB_ID": "7", "SLURM_NTASKS": "4", "SLURM_PROCID": "0"]
        #expect(try RankProbe(environment: variables).run("launch").output == "ranks 1\n")
    }

    @Test("srun without PMIx is refused instead of training the same thing on every task")
    func srunWithoutPMIx() throws {
        let variables = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "2"]
        let outcome = try RankProbe(environment: variables).run("launch")
        #expect(outcome.errors.hasPrefix("Rank 2 on "))
        #expect(outcome.errors.contains("srun started 4 tasks without PMIx"))
        #expect(outcome.errors.hasSuffix("Launch with srun --mpi=pmix or with mpirun.\n"))
        #expect(outcome.exitCode == 4)
    }

    @Test("an mpirun of another MPI is noticed by the number of ranks")
    func foreignLauncher() throws {
        let outcome = try RankProbe(environment: ["PMI_SIZE": "4"]).run("launch")
        #expect(outcome.errors.contains("the launcher announced 4 ranks, but MPI finds 1"))
        #expect(outcome.exitCode == 4)
    }
}
