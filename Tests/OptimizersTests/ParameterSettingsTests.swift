import Optimizers
import Tensors
import Testing

/// What single parameters may have of their own, for every optimiser.
@Suite struct ParameterSettingsTests {
    /// Two tensors of every role, the second of each with settings of its own, with the same values and gradients.
    private static func store(_ settings: ParameterSettings) throws -> ParameterStore {
        var table = ParameterTable()
        for role in [ParameterRole.weight, .bias, .scale, .shift] {
            table.declare("plain.\(role)", [21], role: role)
            table.declare("own.\(role)", [21], role: role, settings: settings)
        }
        let store = try ParameterStore(table: table, subtreeCount: 1)
        for (index, parameter) in table.parameters.enumerated() {
            var stream = RandomStream(seed: 5, purpose: .initialization, sample: index / 2)
            for element in parameter.range { store.values.pointer[element] = stream.normal() }
        }
        return store
    }

    /// Steps with gradients that both tensors of a pair have in common.
    private static func step(_ optimizer: Optimizer, _ store: ParameterStore, rate: Float = 0.02) {
        for (index, parameter) in store.table.parameters.enumerated() {
            var stream = RandomStream(
                seed: 6, purpose: .initialization, epoch: optimizer.stepCount, sample: index / 2)
            for element in parameter.range { store.gradients.pointer[element] = stream.normal() }
        }
        optimizer.step(learningRate: rate)
    }

    private static func bits(_ block: Tensor, _ parameter: Parameter) -> [UInt32] {
        parameter.range.map { block.pointer[$0].bitPattern }
    }

    private static func configuration(_ kind: OptimizerKind) -> OptimizerConfiguration {
        OptimizerConfiguration(kind: kind, weightDecay: 0.1)
    }

    // Guards: a frozen parameter, and one that is trained in some steps only, as it was before and after them.
    @Test("a parameter that is not trained keeps its bits, and its state", arguments: OptimizerKind.allCases)
    func isFrozen(kind: OptimizerKind) throws {
        let store = try Self.store(ParameterSettings(trainedSteps: 2..<4))
        let optimizer = try Optimizer(Self.configuration(kind), for: store)
        for step in 0..<6 {
            let blocks = [store.values] + optimizer.slots.map(\.block)
            let before = store.table.parameters.map { parameter in blocks.map { Self.bits($0, parameter) } }
            Self.step(optimizer, store)
            for (parameter, before) in zip(store.table.parameters, before) {
                let isTrained = parameter.name.hasPrefix("plain") || (2..<4).contains(step)
                for (block, before) in zip(blocks, before) {
                    #expect((Self.bits(block, parameter) == before) == !isTrained, "\(parameter.name), step \(step)")
                }
            }
        }
    }

    // Guards: Adam's corrections, which would be too small for a parameter that begins later.
    @Test("a parameter that begins later begins as others did", arguments: OptimizerKind.allCases)
    func beginsLater(kind: OptimizerKind) throws {
        let (late, early) = (
            try Self.store(ParameterSettings(trainedSteps: 3..<5)), try Self.store(ParameterSettings())
        )
        let optimizers = (
            try Optimizer(Self.configuration(kind), for: late), try Optimizer(Self.configuration(kind), for: early)
        )
        for _ in 0..<3 { Self.step(optimizers.0, late) }
        for _ in 0..<2 {
            Self.step(optimizers.0, late)
            early.gradients.copy(from: late.gradients)
            optimizers.1.step(learningRate: 0.02)
        }
        for parameter in late.table.parameters where parameter.name.hasPrefix("own") {
            #expect(Self.bits(late.values, parameter) == Self.bits(early.values, parameter), "\(parameter.name)")
        }
    }

    // Guards: the factor is the rate's alone; 0.5 is a power of two, so both ways round alike.
    @Test("a rate factor is a learning rate of its own", arguments: OptimizerKind.allCases)
    func hasRateFactor(kind: OptimizerKind) throws {
        let (own, all) = (try Self.store(ParameterSettings(rateFactor: 0.5)), try Self.store(ParameterSettings()))
        let optimizers = (
            try Optimizer(Self.configuration(kind), for: own), try Optimizer(Self.configuration(kind), for: all)
        )
        for _ in 0..<3 {
            Self.step(optimizers.0, own)
            Self.step(optimizers.1, all, rate: 0.01)
        }
        for parameter in own.table.parameters {
            let isSame = Self.bits(own.values, parameter) == Self.bits(all.values, parameter)
            #expect(isSame == parameter.name.hasPrefix("own"), "\(parameter.name)")
        }
    }

    // Guards: decay where none would be (a bias), none where some would be (a weight), and the run's everywhere else.
    @Test("a weight decay of its own is instead of the run's", arguments: OptimizerKind.allCases)
    func hasWeightDecay(kind: OptimizerKind) throws {
        func values(_ settings: ParameterSettings, runDecay: Double) throws -> ParameterStore {
            let store = try Self.store(settings)
            let optimizer = try Optimizer(OptimizerConfiguration(kind: kind, weightDecay: runDecay), for: store)
            for _ in 0..<3 { Self.step(optimizer, store) }
            return store
        }
        let none = try values(ParameterSettings(weightDecay: 0), runDecay: 0.1)
        let own = try values(ParameterSettings(weightDecay: 0.1), runDecay: 0)
        for (index, parameter) in none.table.parameters.enumerated() where parameter.name.hasPrefix("own") {
            let plain = none.table.parameters[index - 1]
            let isWeight = parameter.role == .weight
            #expect(
                (Self.bits(none.values, parameter) == Self.bits(none.values, plain)) == !isWeight, "\(parameter.name)")
            #expect(Self.bits(own.values, parameter) != Self.bits(own.values, plain), "\(parameter.name)")
            if isWeight {
                #expect(Self.bits(own.values, parameter) == Self.bits(none.values, plain))
                #expect(Self.bits(none.values, parameter) == Self.bits(own.values, plain))
            }
        }
    }

    // Guards: speed; settings that are no different part no pass.
    @Test("equal settings share one pass")
    func sharesPasses() throws {
        func ranges(_ settings: ParameterSettings) throws -> [Range<Int>] {
            TrainableRun.runs(of: try Self.store(settings).table, weightDecay: 0).map(\.range)
        }
        #expect(try ranges(ParameterSettings()) == [0..<256])
        #expect(try ranges(ParameterSettings(weightDecay: 0)) == [0..<256])
        #expect(try ranges(ParameterSettings(rateFactor: 2)).count == 8)
        #expect(try ranges(ParameterSettings(trainedSteps: 0..<9)).count == 8)
    }
}
