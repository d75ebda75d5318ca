import Tensors
import Testing

@Suite("Parameters")
struct ParameterTests {
    /// Checkpoints promise PyTorch's OIHW; here the permutation is written out by hand.
    @Test("a convolution weight is exported as OIHW and restored to the same bytes")
    func convolutionLayout() {
        let (height, width, inputs, outputs) = (2, 3, 4, 5)
        var table = ParameterTable()
        table.declare("first", [7], role: .bias)
        let parameter = table.declare(
            "conv", [height, width, inputs, outputs], role: .weight, layout: .convolution)
        let block = Tensor([table.blockCount], values: (0..<table.blockCount).map(Float.init))
        var expected: [Float] = []
        for output in 0..<outputs {
            for input in 0..<inputs {
                for row in 0..<height {
                    for column in 0..<width {
                        let inside = ((row * width + column) * inputs + input) * outputs + output
                        expected.append(Float(parameter.range.lowerBound + inside))
                    }
                }
            }
        }
        let exported = parameter.exported(from: block)
        #expect(exported == expected)
        #expect(parameter.exportedShape == [outputs, inputs, height, width])
        let restored = Tensor([table.blockCount])
        parameter.restore(exported, into: restored)
        for index in 0..<table.blockCount {
            #expect(restored.values[index] == (parameter.range.contains(index) ? Float(index) : 0))
        }
    }

    @Test("a plain parameter is exported and restored as it lies")
    func plainLayout() {
        var table = ParameterTable()
        table.declare("first", [3], role: .bias)
        let parameter = table.declare("second", [2, 2], role: .weight)
        let block = Tensor([table.blockCount])
        parameter.restore([1, 2, 3, 4], into: block)
        #expect(parameter.exported(from: block) == [1, 2, 3, 4])
        #expect(block.values.reduce(0, +) == 10)
        #expect(parameter.exportedShape == [2, 2])
    }

    /// SIMD loads and the ranges that ranks exchange start on cache lines.
    @Test("parameters start on cache lines, in order, without overlap")
    func alignment() {
        var table = ParameterTable()
        for (index, count) in [1, 15, 16, 17, 0, 100].enumerated() {
            table.declare("p\(index)", [count], role: .weight)
        }
        var end = 0
        for parameter in table.parameters {
            #expect(parameter.range.lowerBound % 16 == 0)
            #expect(parameter.range.lowerBound >= end && parameter.range.lowerBound < end + 16)
            #expect(parameter.range.count == parameter.shape.count)
            end = parameter.range.upperBound
        }
        #expect(table.blockCount >= end && table.blockCount % 16 == 0)
        #expect(table.elementCount == 149)
        #expect(table["p3"]?.shape == [17])
        #expect(table["p9"] == nil)
        #expect(Int(bitPattern: Tensor([table.blockCount]).pointer) % 64 == 0)
    }
}
