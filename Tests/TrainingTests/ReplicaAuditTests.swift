import Failures
import Foundation
import Tensors
import Testing
import Training

@Suite("Replicas are compared while they train")
struct ReplicaAuditTests {
    private func failure(_ plan: TrainingPlan, _ options: RunOptions, _ run: SmallRun, ranks: Int) throws -> RunFailure?
    {
        do {
            try run.train(plan, options, ranks: ranks)
            return nil
        } catch let failure as RunFailure {
            return failure
        }
    }

    // Guards: one bit of one weight on one rank ends the run with its code, on any number of ranks.
    @Test(arguments: [2, 3, 5]) func aBitIsFound(ranks: Int) throws {
        let run = try SmallRun()
        let options = run.options("run") {
            $0.auditEvery = 1
            $0.faults = try! Fault.read("diverge:rank=\(ranks - 1),step=2", ranks: ranks)
        }
        let failure = try failure(SmallRun.plan(), options, run, ranks: ranks)
        #expect(failure?.exitCode == .replicasDiffer)
        #expect(
            failure?.description.contains("units.0.bn.weight differs after step 2. They agreed after step 1") == true)
    }

    // Guards: nobody is accused without a reason: synchronised and local statistics, either reduction, every optimiser.
    @Test(arguments: [2, 3, 5]) func equalReplicasPass(ranks: Int) throws {
        let run = try SmallRun()
        let plans = [
            SmallRun.plan(), SmallRun.plan { $0.normalization = .local }, SmallRun.plan { $0.reduction = .fast },
            SmallRun.plan { $0.optimizer.kind = .sgd },
        ]
        for (index, plan) in plans.enumerated() {
            let options = run.options("run\(index)") { $0.auditEvery = 1 }
            #expect(try failure(plan, options, run, ranks: ranks) == nil)
        }
    }

    // Guards: the comparison can be switched off, and then costs nothing and finds nothing.
    @Test func itCanBeSwitchedOff() throws {
        let run = try SmallRun()
        let options = run.options("run") {
            $0.auditEvery = 0
            $0.faults = try! Fault.read("diverge:rank=1,step=2", ranks: 2)
        }
        #expect(try failure(SmallRun.plan(), options, run, ranks: 2) == nil)
    }
}
