import Optimizers
import Tensors
import Testing

@Suite struct LARSTests {
    // A tensor of several blocks, the last one short, beside one that fills no block.
    private static func store() throws -> ParameterStore {
        var table = ParameterTable()
        table.declare("large.weight", [35_001], role: .weight)
        table.declare("small.weight", [21], role: .weight)
        table.declare("small.bias", [21], role: .bias)
        let store = try ParameterStore(table: table, subtreeCount: 1)
        var stream = RandomStream(seed: 3, purpose: .initialization)
        for parameter in table.parameters {
            for element in parameter.range {
                store.values.pointer[element] = stream.normal()
                store.gradients.pointer[element] = stream.normal()
            }
        }
        return store
    }

    // Guards: the norms, and with them the weights, do not depend on who takes which block.
    @Test("any number of threads gives the same bits", arguments: [2, 3, 5, 8])
    func threadsChangeNothing(threads: Int) throws {
        let (one, many) = (try Self.store(), try Self.store())
        let pool = try WorkerPool(threads)
        let configuration = OptimizerConfiguration(kind: .lars, weightDecay: 1e-4)
        let first = try Optimizer(configuration, for: one)
        let second = try Optimizer(configuration, for: many)
        for _ in 0..<3 {
            first.step(learningRate: 3)
            second.step(learningRate: 3, pool: pool)
        }
        #expect(one.values.values.map(\.bitPattern) == many.values.values.map(\.bitPattern))
    }

    // Guards the meaning of the coefficient: without momentum and decay a step moves a weight tensor by rate · η of its
    // norm, however long its gradient is; a bias moves by the rate times its gradient.
    @Test("a weight tensor moves by its share of its norm", arguments: [1, 1000] as [Float])
    func movesInProportion(gradientScale: Float) throws {
        let store = try Self.store()
        for element in 0..<store.table.blockCount { store.gradients.pointer[element] *= gradientScale }
        let before = store.values.values.map(Double.init)
        let configuration = OptimizerConfiguration(LARS(momentum: 0, trustCoefficient: 0.1))
        try Optimizer(configuration, for: store).step(learningRate: 0.5)
        for parameter in store.table.parameters where parameter.role == .weight {
            let moved = parameter.range.reduce(0.0) {
                let difference = Double(store.values.pointer[$1]) - before[$1]
                return $0 + difference * difference
            }.squareRoot()
            let norm = parameter.range.reduce(0.0) { $0 + before[$1] * before[$1] }.squareRoot()
            #expect(abs(moved / norm - 0.05) < 1e-6, "\(parameter.name)")
        }
        let bias = store.table.parameters[2].range.lowerBound
        let expected = before[bias] - 0.5 * Double(store.gradients.pointer[bias])
        #expect(abs(Double(store.values.pointer[bias]) - expected) < 1e-6 * max(1, abs(expected)))
    }

    // Guards: tensors without a ratio (zero weights, zero gradient) stay finite, and zero weights can leave zero.
    @Test("zero weights and zero gradients have ratio 1")
    func zeroNorms() throws {
        let store = try Self.store()
        let (large, small) = (store.table.parameters[0].range, store.table.parameters[1].range)
        for element in large { store.gradients.pointer[element] = 0 }
        for element in small { store.values.pointer[element] = 0 }
        let before = store.values.values
        try Optimizer(OptimizerConfiguration(LARS(momentum: 0)), for: store).step(learningRate: 0.5)
        for element in large { #expect(store.values.pointer[element] == before[element]) }
        for element in small { #expect(store.values.pointer[element] == -0.5 * store.gradients.pointer[element]) }
    }
}
