import Kernels
import Tensors
import Testing

@Suite("The arithmetic that benchmarks count")
struct ProductArithmeticTests {
    // Guards: the counts of the definition, by hand: positions × filter × inputs × outputs multiply-adds, two operations
    // each, and twice that for the two gradients.
    @Test func countsTheDefinition() {
        // 16 · 16 positions, 9 taps, 16 inputs, 16 outputs.
        let strided = ConvolutionProblem(height: 32, width: 32, inputs: 16, outputs: 16, stride: 2)
        #expect(ProductArithmetic(strided, by: .reference).forward == 1_179_648)
        #expect(ProductArithmetic(strided, by: .im2col).backward == 2_359_296)
        // 9 · 9 positions, 25 taps, 4 inputs, 10 outputs.
        let wide = ConvolutionProblem(height: 9, width: 9, inputs: 4, outputs: 10, kernel: 5)
        #expect(ProductArithmetic(wide, by: .im2col).forward == 162_000)
    }

    // Guards: Winograd's count by hand: 36 multiply-adds a tile, input and output, a quarter of the definition's.
    @Test func countsWinograd() {
        // 8 · 8 tiles, 64 inputs, 64 outputs.
        let problem = ConvolutionProblem(height: 32, width: 32, inputs: 64, outputs: 64)
        let winograd = ProductArithmetic(problem, by: .winograd)
        #expect(winograd.forward == 18_874_368)
        #expect(winograd.backward == 37_748_736)
        #expect(ProductArithmetic(problem, by: .im2col).forward == 75_497_472)
        #expect(ProductArithmetic(problem, by: .reference).backward == 150_994_944)
    }

    // Guards: a dense layer's product, and a layer without any.
    @Test func countsDense() {
        let dense = ProductArithmetic(denseInputs: 256, outputs: 10)
        #expect(dense.forward == 5_120 && dense.backward == 10_240)
        #expect(ProductArithmetic.none.forward == 0 && ProductArithmetic.none.backward == 0)
    }

    // Guards: what is counted is the algorithm that really runs.
    @Test(arguments: NamedConvolution.all, ConvolutionChoice.allCases)
    func countsTheAlgorithmThatRuns(_ convolution: NamedConvolution, _ choice: ConvolutionChoice) {
        let algorithm = choice.algorithm(for: convolution.problem)
        switch choice.resolved(for: convolution.problem) {
        case .winograd: #expect(algorithm is WinogradConvolution)
        case .im2col: #expect(algorithm is Im2colConvolution)
        case .reference: #expect(algorithm is ReferenceConvolution)
        case .automatic: Issue.record("automatic is no algorithm")
        }
    }

    // Guards: the table holds both what Winograd takes and what it refuses, under names that tell rows apart.
    @Test func tableCoversBothAlgorithms() {
        let problems = NamedConvolution.all
        #expect(Set(problems.map(\.name)).count == problems.count)
        #expect(Set(problems.map(\.problem)).count == problems.count)
        let edges = NamedConvolution.edges.map { ConvolutionChoice.automatic.resolved(for: $0.problem) }
        #expect(edges.contains(.winograd) && edges.contains(.im2col))
    }
}
