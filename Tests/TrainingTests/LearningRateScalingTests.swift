import Testing
import Training

@Suite("Linear scaling of the learning rate")
struct LearningRateScalingTests {
    // Guards the rule: k times the base batch takes k times the rate, after the warmup and in proportion within it.
    @Test(arguments: [(128, 0.1), (512, 0.4), (2048, 1.6), (64, 0.05), (192, 0.15)])
    func followsTheBatch(globalBatch: Int, rate: Double) throws {
        var plan = TrainingPlan()
        plan.learningRate = 0.1
        plan.baseBatch = 128
        plan.globalBatch = globalBatch
        plan.warmupEpochs = 0.5
        let schedule = plan.learningRateSchedule(stepsPerEpoch: 18)
        func taken(_ step: Int) -> Float { schedule.rate(step: step, stepsPerEpoch: 18, totalSteps: 360) }
        #expect(taken(9) == Float(rate) && taken(200) == Float(rate))
        // Nine steps of warmup: the fifth has half of the rate.
        #expect(abs(taken(4) - Float(rate / 2)) < 1e-7)
        #expect(plan.learningRate == 0.1)
    }

    // Guards: without a base batch the rate is what was asked for, whatever the batch.
    @Test(arguments: [16, 128, 4096]) func isOffUnlessAskedFor(globalBatch: Int) {
        var plan = TrainingPlan()
        plan.globalBatch = globalBatch
        #expect(plan.scaledLearningRate == plan.learningRate)
    }

    @Test func refusesAnImpossibleBase() {
        let plan = SmallRun.plan { $0.baseBatch = 0 }
        #expect { try plan.validate(ranks: 1) } throws: { "\($0)".contains("--base-batch") }
    }
}
