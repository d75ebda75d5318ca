import Failures
import Layers
import Optimizers
import Testing
import Training

@Suite("Plans")
struct PlanTests {
    // Guards: a plan in a checkpoint is read back as it was.
    @Test func survivesJSON() throws {
        for recipe in TrainingPlan.recipes {
            #expect(try TrainingPlan(json: recipe.plan.json) == recipe.plan)
            #expect(try TrainingPlan(json: recipe.plan.prettyJSON) == recipe.plan)
            #expect(recipe.plan.recipe == recipe.name)
        }
    }

    // Guards: the article's numbers.
    @Test func articleIsTheArticles() throws {
        let plan = try TrainingPlan.recipe(named: "article")
        #expect(plan.epochs == 20 && plan.globalBatch == 128 && plan.learningRate == 1e-3)
        #expect(plan.optimizer == OptimizerConfiguration(Adam(beta2: 0.999, epsilon: 1e-7)))
        #expect(plan.architecture == .article && plan.architecture.staged?.dropout == 0.5)
        #expect(plan.augmentation.rotationDegrees == 10 && plan.augmentation.rowShift * 32 == 5)
        #expect(plan.augmentation.horizontalFlip && !plan.augmentation.verticalFlip)
        let rates = [0, 5, 6, 10, 11, 15, 16, 19].map { epoch in
            try? TrainingPlan.recipe(named: "e-book").learningRateSchedule(stepsPerEpoch: 391).rate(
                step: epoch * 391, stepsPerEpoch: 391, totalSteps: 20 * 391)
        }
        #expect(rates == [1e-3, 1e-3, 2e-4, 2e-4, 1e-4, 1e-4, 1e-5, 1e-5])
    }

    // Guards: more ranks than images or granules end in a sentence with the number that would do.
    @Test func tooManyRanksAreASentence() {
        let plan = SmallRun.plan { $0.globalBatch = 4 }
        #expect { try plan.validate(ranks: 5) } throws: { "\($0)".contains("at most 4 ranks") }
        #expect { try SmallRun.plan().validate(ranks: 17) } throws: { "\($0)".contains("--granules 17") }
        #expect { try SmallRun.plan().validate(ranks: 8, trainingImages: 7) } throws: {
            "\($0)".contains("7 training images")
        }
    }

    // Guards: checkpoints of builds that knew neither accumulation, nor a base batch, nor LARS.
    @Test func olderPlansAreRead() throws {
        let older = """
            {"architecture":{"classes":10,"dropout":0.5,"finalActivation":false,"imageChannels":3,"imageSide":32,"pool\
            ing":"max","stages":[{"units":3,"width":64},{"units":3,"width":128},{"units":3,"width":256}]},\
            "augmentation":{"columnShift":0.15625,"horizontalFlip":true,\
            "rotationDegrees":10,"rowShift":0.15625,"verticalFlip":false},\
            "bucketBytes":1048576,"convolution":"automatic","epochs":20,"globalBatch":128,"granules":16,"learningRate":0.001,\
            "normalization":"synchronized","optimizer":{"beta1":0.9,"beta2":0.999,"epsilon":1e-07,"kind":"adam",\
            "momentum":0.9,"nesterov":true,"weightDecay":0},\
            "recipe":"article","reduction":"ordered","schedule":"constant","seed":1,"shuffle":"epoch","warmupEpochs":0}
            """
        let plan = try TrainingPlan(json: older)
        var current = TrainingPlan()
        current.bucketBytes = 1 << 20
        #expect(plan == current)
        #expect(plan.microBatches.count == 1 && plan.microBatches.largest == 128)
        #expect(plan.scaledLearningRate == 1e-3)
    }

    // Guards: what is new is stored when it is used, and a plan that does not use it stays as older builds wrote it.
    @Test func batchesArePartOfThePlan() throws {
        let plan = SmallRun.plan {
            $0.accumulation = 3
            $0.baseBatch = 8
            $0.optimizer = .init(LARS(trustCoefficient: 0.02))
        }
        #expect(try TrainingPlan(json: plan.json) == plan)
        #expect(plan.json.contains("\"accumulation\":3") && plan.json.contains("\"baseBatch\":8"))
        #expect(!TrainingPlan().json.contains("accumulation") && !TrainingPlan().json.contains("baseBatch"))
    }

    // Guards: text that is no plan.
    @Test(arguments: ["", "{}", "[]", "{\"epochs\":\"many\"}"])
    func unreadablePlansAreSentences(_ text: String) {
        #expect(throws: RunFailure.self) { try TrainingPlan(json: text) }
    }
}
