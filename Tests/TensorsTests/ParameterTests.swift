import Tensors
import Testing

@Suite("Parameters in flat blocks")
struct ParameterTests {
    // Guards: checkpoints hold OIHW while memory holds HWIO, and the way there and back is lossless.
    @Test func convolutionsAreExportedAsOIHW() {
        var table = ParameterTable()
        table.declare("first", [5], role: .bias)
        let weight = table.declare("conv.weight", [2, 3, 4, 5], role: .weight, layout: .convolution)
        #expect(weight.exportedShape == [5, 4, 2, 3])
        let block = Tensor([table.blockCount])
        for element in weight.range { block.pointer[element] = Float(element) }
        let exported = weight.exported(from: block)
        for o in 0..<5 {
            for i in 0..<4 {
                for y in 0..<2 {
                    for x in 0..<3 {
                        let inside = weight.range.lowerBound + ((y * 3 + x) * 4 + i) * 5 + o
                        #expect(exported[((o * 4 + i) * 2 + y) * 3 + x] == Float(inside))
                    }
                }
            }
        }
        let copy = Tensor([table.blockCount])
        weight.restore(exported, into: copy)
        #expect(copy.slice(weight.range).values == block.slice(weight.range).values)
    }

    // Guards: parameters start on cache lines, do not overlap, and padding does not count.
    @Test func parametersAreAligned() {
        var table = ParameterTable()
        for (index, size) in [1, 16, 17, 100].enumerated() { table.declare("p\(index)", [size], role: .weight) }
        #expect(table.elementCount == 134)
        #expect(table.parameters.allSatisfy { $0.range.lowerBound % ParameterTable.elementAlignment == 0 })
        for (left, right) in zip(table.parameters, table.parameters.dropFirst()) {
            #expect(left.range.upperBound <= right.range.lowerBound)
        }
        #expect(table.blockCount == 16 + 16 + 32 + 112)
        #expect(table["p2"]?.shape == [17] && table["p9"] == nil)
    }
}
