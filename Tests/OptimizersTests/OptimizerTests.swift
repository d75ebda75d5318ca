import Foundation
import Tensors
import Testing

import Optimizers

@Suite struct OptimizerTests {
    static let configurations: [OptimizerConfiguration] = [
        OptimizerConfiguration(kind: .sgd),
        OptimizerConfiguration(StochasticGradientDescent(nesterov: false), weightDecay: 0.05),
        OptimizerConfiguration(StochasticGradientDescent(momentum: 0.8), weightDecay: 0.05),
        OptimizerConfiguration(StochasticGradientDescent(momentum: 0), weightDecay: 0.05),
        OptimizerConfiguration(kind: .adam),
        OptimizerConfiguration(Adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-3), weightDecay: 0.05),
        OptimizerConfiguration(kind: .adamw, weightDecay: 0.05),
        OptimizerConfiguration(LARS(trustCoefficient: 0.5)),
        OptimizerConfiguration(LARS(nesterov: true, trustCoefficient: 0.5), weightDecay: 0.05),
    ]

    @Test("twelve steps agree with the textbook formulas in Double", arguments: configurations)
    func agreesWithTextbook(configuration: OptimizerConfiguration) throws {
        let fixture = try OptimizerFixture()
        let store = fixture.store
        let optimizer = try Optimizer(configuration, for: store)
        var expected = store.values.values.map { ScalarOptimizer(configuration, value: $0) }
        for step in 0..<12 {
            fixture.drawGradients(step: step)
            if configuration.kind == .lars { fixture.setTrustRatios(&expected) }
            let rate: Float = 0.02 / Float(step + 1)
            optimizer.step(learningRate: rate)
            for element in 0..<store.table.blockCount {
                let role = fixture.parameter(at: element)?.role
                if role == nil || role == .statistic { continue }
                expected[element].step(
                    gradient: store.gradients.pointer[element], rate: Double(rate), decays: role == .weight)
                #expect(abs(Double(store.values.pointer[element]) - expected[element].value) < 2e-6)
            }
        }
        #expect(optimizer.stepCount == 12)
    }

    @Test("weight decay moves weights and nothing else", arguments: OptimizerKind.allCases)
    func decaysWeightsOnly(kind: OptimizerKind) throws {
        let (with, without) = (try OptimizerFixture(), try OptimizerFixture())
        let decaying = try Optimizer(OptimizerConfiguration(kind: kind, weightDecay: 0.1), for: with.store)
        let plain = try Optimizer(OptimizerConfiguration(kind: kind), for: without.store)
        for step in 0..<3 {
            with.drawGradients(step: step)
            without.drawGradients(step: step)
            decaying.step(learningRate: 0.01)
            plain.step(learningRate: 0.01)
        }
        for parameter in with.store.table.parameters {
            let same = parameter.range.allSatisfy { with.store.values.pointer[$0] == without.store.values.pointer[$0] }
            #expect(same == (parameter.role != .weight), "\(parameter.name)")
        }
    }

    @Test("running statistics and padding keep their bits", arguments: configurations)
    func leavesStatisticsAlone(configuration: OptimizerConfiguration) throws {
        let fixture = try OptimizerFixture()
        let before = fixture.store.values.values
        let optimizer = try Optimizer(configuration, for: fixture.store)
        for step in 0..<3 {
            fixture.drawGradients(step: step)
            optimizer.step(learningRate: 0.1)
        }
        for element in 0..<fixture.store.table.blockCount {
            let role = fixture.parameter(at: element)?.role
            let same = fixture.store.values.pointer[element] == before[element]
            #expect(same == (role == nil || role == .statistic), "element \(element)")
        }
    }

    @Test("an optimiser restored from its slots and step count goes on to the same bits", arguments: configurations)
    func resumesExactly(configuration: OptimizerConfiguration) throws {
        let (straight, resumed) = (try OptimizerFixture(), try OptimizerFixture())
        let first = try Optimizer(configuration, for: straight.store)
        for step in 0..<5 {
            straight.drawGradients(step: step)
            first.step(learningRate: 0.01)
        }
        let second = try Optimizer(configuration, for: resumed.store)
        resumed.store.values.copy(from: straight.store.values)
        second.stepCount = first.stepCount
        try #require(first.slots.map(\.name) == second.slots.map(\.name))
        for (source, target) in zip(first.slots, second.slots) { target.block.copy(from: source.block) }
        for step in 5..<8 {
            for (fixture, optimizer) in [(straight, first), (resumed, second)] {
                fixture.drawGradients(step: step)
                optimizer.step(learningRate: 0.01)
            }
        }
        #expect(straight.store.values.values.map(\.bitPattern) == resumed.store.values.values.map(\.bitPattern))
    }

    // Guards: checkpoints, which name the state of an optimiser by its slots.
    @Test("every kind has the slots a checkpoint must hold, and its own name")
    func namesSlots() throws {
        let expected: [OptimizerKind: [String]] = [
            .sgd: ["momentum"], .adam: ["first_moment", "second_moment"], .adamw: ["first_moment", "second_moment"],
            .lars: ["momentum"],
        ]
        let store = try OptimizerFixture().store
        for kind in OptimizerKind.allCases {
            let optimizer = try Optimizer(OptimizerConfiguration(kind: kind), for: store)
            #expect(kind.rule.kind == kind)
            #expect(kind.rule.slotNames == expected[kind])
            #expect(optimizer.slots.map(\.name) == expected[kind])
            #expect(optimizer.slots.allSatisfy { $0.block.count == store.table.blockCount })
        }
        #expect(StochasticGradientDescent(momentum: 0).slotNames.isEmpty)
    }

    @Test("equal neighbours share one pass, and a statistic parts them")
    func mergesRuns() throws {
        let table = try OptimizerFixture().store.table
        // Ranges: scale 0..<16, shift 16..<32, statistic 32..<48, conv 48..<192, dense 192..<240, bias 240..<256.
        #expect(TrainableRun.runs(of: table, weightDecay: 0).map(\.range) == [0..<32, 48..<256])
        #expect(
            TrainableRun.runs(of: table, weightDecay: 0.5) == [
                TrainableRun(range: 0..<32, weightDecay: 0), TrainableRun(range: 48..<240, weightDecay: 0.5),
                TrainableRun(range: 240..<256, weightDecay: 0),
            ])
        #expect(
            TrainableRun.runs(of: table, weightDecay: 0, isMerging: false).map(\.range)
                == [0..<16, 16..<32, 48..<192, 192..<240, 240..<256])
    }

    @Test("the power by squaring is the power", arguments: [0, 1, 2, 3, 10, 391, 7820])
    func takesPowers(exponent: Int) {
        let expected = pow(0.999, Double(exponent))
        #expect(abs(Adam.power(0.999, exponent) - expected) < 1e-12 * expected)
    }
}
